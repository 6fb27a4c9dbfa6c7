package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event trigger at work: which events it covers, and what becomes of them. */
abstract sealed class EventTriggerNode extends TriggerNode permits ReactiveNode, ProactiveNode {

  private final EventTrigger trigger;
  private final NameMatcher names;
  private final int position;
  private final int maxCausalDepth;

  EventTriggerNode(Place place, EventTrigger trigger, int position, RuntimeSettings settings) {
    super(place, trigger.forEach());
    this.trigger = trigger;
    this.names = new NameMatcher(trigger);
    this.position = position;
    this.maxCausalDepth = settings.maxCausalDepth();
  }

  EventTrigger trigger() {
    return trigger;
  }

  NameMatcher names() {
    return names;
  }

  /** Place among all event triggers of the runtime, as declared. */
  int position() {
    return position;
  }

  /** The seat of the key of an event that is covered (semantics section 2), or null. */
  final KeyedStates.@Nullable Seat covers(Event event, long clock, StepBuilder ledger) {
    if (!matches(event)) {
      return null;
    }
    BucketingKey key = trigger.keyOf(event);
    Condition where = trigger.where();
    if (where == null) {
      return seat(key, clock);
    }
    return switch (where.test(event)) {
      case Condition.Result.Holds _ -> seat(key, clock);
      case Condition.Result.Fails _ -> {
        ledger.observe(automation(), key, Outcome.CONDITION_FALSE, "");
        yield null;
      }
      case Condition.Result.Faulty faulty -> {
        ledger.observe(automation(), key, Outcome.CONDITION_FAULTY, faulty.reason());
        yield null;
      }
    };
  }

  @Override
  final List<Firing> offer(
      EvaluatedEvent event, MatchSet coverage, long clock, StepBuilder ledger) {
    KeyedStates.Seat seat = coverage.seatAt(position);
    return seat == null ? List.of() : take(event, seat, clock, ledger);
  }

  /** The seat of a key. */
  abstract KeyedStates.Seat seat(BucketingKey key, long clock);

  /** Takes in an event that is covered. Returns what it sets off. */
  abstract List<Firing> take(
      EvaluatedEvent event, KeyedStates.Seat seat, long clock, StepBuilder ledger);

  /** A firing of a key that an event leads to, at its time. */
  final List<Firing> fire(
      State state, BucketingKey key, EvaluatedEvent event, Reason reason, StepBuilder ledger) {
    return fire(
        state, key, event.occurred(), List.of(event.id().text()), event.covered(), reason, ledger);
  }

  /**
   * A firing of a key, unless its causal chain is too deep: then that is said instead.
   *
   * @param causes what made it fire, and no other firing of the key in this state
   */
  final List<Firing> fire(
      State state,
      BucketingKey key,
      long time,
      List<String> causes,
      @Nullable EventRef event,
      Reason reason,
      StepBuilder ledger) {
    if (event != null && event.depth() >= maxCausalDepth) {
      ledger.observe(automation(), key, Outcome.LOOP_STOPPED, "");
      ledger.stopLoop(automation(), event);
      return List.of();
    }
    String id = firingId(state, key, causes);
    return List.of(
        new Firing(
            id,
            automation(),
            state,
            Micros.instant(time),
            labels(key),
            event == null ? null : event.id(),
            List.of(),
            reason,
            EventRef.causing(event, id)));
  }

  private boolean matches(Event event) {
    if (!names.expects(event.name()) && !names.opensOn(event.name())) {
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
}
