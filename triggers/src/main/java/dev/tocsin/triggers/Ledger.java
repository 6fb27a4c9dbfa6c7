package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where one step writes what it did. */
final class Ledger {

  private final List<Firing> firings = new ArrayList<>();
  private final List<Step.Observation> observations = new ArrayList<>();
  private final List<Step.LoopStop> loops = new ArrayList<>();
  private final List<Step.GivenUp> givenUp = new ArrayList<>();

  void fire(Firing firing) {
    firings.add(firing);
  }

  void observe(String automation, BucketingKey key, Outcome outcome, String detail) {
    observations.add(new Step.Observation(automation, key, outcome, detail));
  }

  void observe(String automation, BucketingKey key, Outcome outcome, Progress progress) {
    observations.add(new Step.Observation(automation, key, outcome, "", progress));
  }

  void stopLoop(String automation, Covered event) {
    loops.add(new Step.LoopStop(automation, event.id(), event.origin()));
  }

  void giveUp(String automation, BucketingKey key, Map<String, String> labels) {
    givenUp.add(new Step.GivenUp(automation, key, labels));
  }

  Step step() {
    return firings.isEmpty() && observations.isEmpty() && givenUp.isEmpty()
        ? Step.NOTHING
        : new Step(firings, observations, loops, givenUp);
  }
}
