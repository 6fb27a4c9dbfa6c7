package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One event trigger at work: its fields, its machine, and the state of its keys. What it does with an
 * event goes into a {@link Ledger}.
 */
final class Watcher {

  /** Most lapsed keys dropped for one event, so that a backlog of them is spread over many. */
  private static final int SWEEP = 4;

  private final String automation;
  private final String identity;
  private final EventTrigger trigger;
  private final ReactiveMachine machine;
  private final RuntimeSettings settings;
  private final long lapse;
  private final KeyedStates<ReactiveState> states;

  Watcher(String automation, EventTrigger trigger, RuntimeSettings settings) {
    this.automation = automation;
    this.trigger = trigger;
    this.identity = DerivedId.of("identity", automation, trigger.meaning());
    this.machine = new ReactiveMachine(trigger);
    this.settings = settings;
    this.lapse = Micros.of(settings.lapse());
    this.states = new KeyedStates<>(trigger.maxKeys());
  }

  /** What state is kept by, across restarts and edits (semantics section 9). */
  String identity() {
    return identity;
  }

  EventTrigger trigger() {
    return trigger;
  }

  /** Takes an event in if it is covered. */
  void offer(Event event, long clock, Ledger ledger) {
    if (!matches(event)) {
      return;
    }
    BucketingKey key = trigger.keyOf(event);
    Condition where = trigger.where();
    if (where != null) {
      switch (where.test(event)) {
        case Condition.Result.Holds _ -> {}
        case Condition.Result.Fails _ -> {
          ledger.observe(automation, key, Outcome.CONDITION_FALSE, "");
          return;
        }
        case Condition.Result.Faulty faulty -> {
          ledger.observe(automation, key, Outcome.CONDITION_FAULTY, faulty.reason());
          return;
        }
      }
    }
    count(event, key, clock, ledger);
  }

  /** Drops all state. */
  void clear() {
    states.clear();
  }

  void save(List<Checkpoint.Key> into) {
    states.forEach((key, state) -> into.add(new Checkpoint.Key(identity, key, state.text())));
  }

  void restore(BucketingKey key, String state) {
    states.put(key, ReactiveState.parse(state));
  }

  int keys() {
    return states.size();
  }

  private boolean matches(Event event) {
    if (!trigger.expects(event.name()) && !trigger.opensOn(event.name())) {
      return false;
    }
    if (!trigger.match().matches(event.resource().labels())) {
      return false;
    }
    for (ResourceSpecification specification : trigger.matchRelated()) {
      if (!specification.isEmpty()
          && event.related().stream().noneMatch(r -> specification.matches(r.labels()))) {
        return false;
      }
    }
    return true;
  }

  private void count(Event event, BucketingKey key, long clock, Ledger ledger) {
    states.sweep(state -> state.hasLapsed(machine.within(), lapse, clock), SWEEP);
    ReactiveState kept = states.get(key);
    ReactiveState state =
        kept != null && kept.hasLapsed(machine.within(), lapse, clock) ? null : kept;
    ReactiveMachine.Transition transition =
        machine.offer(state, event.name(), Micros.of(event.occurred()), clock);
    if (!Objects.equals(transition.state(), kept)) {
      BucketingKey givenUp = states.put(key, transition.state());
      if (givenUp != null) {
        ledger.giveUp(automation, givenUp);
      }
    }
    Reason reason = transition.reason();
    if (reason == null) {
      ledger.observe(automation, key, transition.outcome(), "");
    } else {
      fire(event, key, reason, ledger);
    }
  }

  private void fire(Event event, BucketingKey key, Reason reason, Ledger ledger) {
    if (event.causalDepth() >= settings.maxCausalDepth()) {
      ledger.observe(automation, key, Outcome.LOOP_STOPPED, "");
      ledger.stopLoop(automation, event);
      return;
    }
    ledger.observe(automation, key, Outcome.FIRED, reason.sentence());
    ledger.fire(
        new Firing(
            firingId(event, key),
            automation,
            State.TRIGGERED,
            event.occurred(),
            labels(key),
            event.id(),
            List.of(),
            reason,
            new Causation(event.causalDepth() + 1, event.origin())));
  }

  private String firingId(Event event, BucketingKey key) {
    List<String> parts = new ArrayList<>();
    parts.add(identity);
    parts.add(State.TRIGGERED.label());
    parts.add(event.id());
    parts.addAll(key.values());
    return DerivedId.of("firing", parts.toArray(String[]::new));
  }

  private Map<String, String> labels(BucketingKey key) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < trigger.forEach().size(); i++) {
      labels.put(trigger.forEach().get(i).text(), key.values().get(i));
    }
    return labels;
  }

  /** Where one step writes what it did. */
  static final class Ledger {

    private final List<Firing> firings = new ArrayList<>(2);
    private final List<Step.Observation> observations = new ArrayList<>(2);
    private final List<Step.LoopStop> loops = new ArrayList<>(0);
    private final List<Step.GivenUp> givenUp = new ArrayList<>(0);

    void fire(Firing firing) {
      firings.add(firing);
    }

    void observe(String automation, BucketingKey key, Outcome outcome, String detail) {
      observations.add(new Step.Observation(automation, key, outcome, detail));
    }

    void stopLoop(String automation, Event event) {
      loops.add(new Step.LoopStop(automation, event.id(), event.origin()));
    }

    void giveUp(String automation, BucketingKey key) {
      givenUp.add(new Step.GivenUp(automation, key));
    }

    Step step() {
      return firings.isEmpty() && observations.isEmpty() && givenUp.isEmpty()
          ? Step.NOTHING
          : new Step(firings, observations, loops, givenUp);
    }
  }
}
