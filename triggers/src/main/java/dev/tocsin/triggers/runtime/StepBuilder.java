package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Firing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where one step writes what it did. */
final class StepBuilder {

  /** Of more evicted keys only the first of each automation is listed. */
  private static final int MAX_LISTED = 1_000;

  private List<Firing> firings = List.of();
  private List<Step.Observation> observations = List.of();
  private List<Step.LoopStop> loops = List.of();
  private List<Step.Eviction> evicted = List.of();
  private int evictedKeys;

  /** The automations of the keys listed, once not all are. */
  private Set<String> evicting = Set.of();

  void fire(Firing firing) {
    firings = with(firings, firing);
  }

  void observe(String automation, BucketingKey key, Outcome outcome, String detail) {
    observations = with(observations, new Step.Observation(automation, key, outcome, detail));
  }

  void observe(String automation, BucketingKey key, Outcome outcome, FiringProgress progress) {
    observations = with(observations, new Step.Observation(automation, key, outcome, "", progress));
  }

  void stopLoop(String automation, EventRef event) {
    loops = with(loops, new Step.LoopStop(automation, event.id(), event.origin()));
  }

  void evict(String automation, BucketingKey key, Map<String, String> labels) {
    if (evictedKeys++ == MAX_LISTED) {
      evicting = new HashSet<>();
      evicted.forEach(listed -> evicting.add(listed.automation()));
    }
    if (evictedKeys <= MAX_LISTED || evicting.add(automation)) {
      evicted = with(evicted, new Step.Eviction(automation, key, labels));
    }
  }

  /** Most steps do one thing or nothing, so a list of one takes no more room than that. */
  private static <T> List<T> with(List<T> list, T next) {
    if (list.isEmpty()) {
      return List.of(next);
    }
    List<T> growing = list instanceof ArrayList<T> ? list : new ArrayList<>(list);
    growing.add(next);
    return growing;
  }

  Step step() {
    return firings.isEmpty() && observations.isEmpty() && evicted.isEmpty()
        ? Step.NOTHING
        : new Step(firings, observations, loops, evicted, evictedKeys);
  }
}
