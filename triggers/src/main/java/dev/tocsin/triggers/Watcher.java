package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event trigger at work: its fields, its machine, and the state of its keys. What it does with an
 * event goes into a {@link Ledger}.
 */
final class Watcher {

  /** Most lapsed keys freed for one event, so that a backlog of them is spread over many. */
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

  /** Id of the automation whose trigger this is. */
  String automation() {
    return automation;
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

  /** Writes every state that has not lapsed. */
  void save(long clock, List<Checkpoint.Key> into) {
    states.dropLapsed(clock, Integer.MAX_VALUE);
    states.forEach((key, state) -> into.add(new Checkpoint.Key(identity, key, state.text())));
  }

  /** Takes over a state that {@link #save} wrote, in the order in which it wrote them. */
  void restore(long clock, BucketingKey key, String text) {
    ReactiveState state = ReactiveState.parse(text);
    states.put(key, state, state.lapses(machine.within(), lapse), clock);
  }

  /** How many keys have a state that has not lapsed. */
  int keys(long clock) {
    states.dropLapsed(clock, Integer.MAX_VALUE);
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
      if (!specification.isEmpty() && !anyMatches(specification, event.related())) {
        return false;
      }
    }
    return true;
  }

  private static boolean anyMatches(
      ResourceSpecification specification, List<RelatedResource> related) {
    for (RelatedResource resource : related) {
      if (specification.matches(resource.labels())) {
        return true;
      }
    }
    return false;
  }

  private void count(Event event, BucketingKey key, long clock, Ledger ledger) {
    states.dropLapsed(clock, SWEEP);
    ReactiveState state = states.get(key, clock);
    ReactiveMachine.Transition transition =
        machine.offer(state, event.name(), Micros.of(event.occurred()), clock);
    if (!Objects.equals(transition.state(), state)) {
      keep(key, transition.state(), clock, ledger);
    }
    Reason reason = transition.reason();
    if (reason == null) {
      ledger.observe(automation, key, transition.outcome(), "");
    } else {
      fire(event, key, reason, ledger);
    }
  }

  private void keep(
      BucketingKey key, @Nullable ReactiveState state, long clock, Ledger ledger) {
    if (state == null) {
      states.remove(key);
      return;
    }
    BucketingKey givenUp =
        states.put(key, state, state.lapses(machine.within(), lapse), clock);
    if (givenUp != null) {
      ledger.giveUp(automation, givenUp);
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

    void stopLoop(String automation, Event event) {
      loops.add(new Step.LoopStop(automation, event.id(), event.origin()));
    }

    void giveUp(String automation, BucketingKey key) {
      givenUp.add(new Step.GivenUp(automation, key));
    }

    Step step() {
      return observations.isEmpty()
          ? Step.NOTHING
          : new Step(firings, observations, loops, givenUp);
    }
  }
}
