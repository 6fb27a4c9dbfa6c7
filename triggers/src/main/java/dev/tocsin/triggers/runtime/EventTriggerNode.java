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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event trigger at work. Of the event that is being evaluated it remembers, from {@link #match}
 * until {@link #endMatch}, the slot of the event's key.
 */
abstract sealed class EventTriggerNode extends TriggerNode permits ReactiveNode, ProactiveNode {

  private final EventTrigger trigger;
  private final NameMatcher names;
  private final int maxCausalDepth;

  EventTriggerNode(TreePath place, EventTrigger trigger, RuntimeSettings settings) {
    super(place, trigger.forEach());
    this.trigger = trigger;
    this.names = new NameMatcher(trigger);
    this.maxCausalDepth = settings.maxCausalDepth();
  }

  final EventTrigger trigger() {
    return trigger;
  }

  final NameMatcher names() {
    return names;
  }

  /** Whether an event matches; its key is looked up then. */
  final boolean match(Event event, long clock, StepBuilder step) {
    if (!fits(event)) {
      return false;
    }
    BucketingKey key = trigger.keyOf(event);
    Condition where = trigger.where();
    if (where != null && !holds(where, event, key, step)) {
      return false;
    }
    beginMatch(key, clock);
    return true;
  }

  /** Looks up the key of an event that matches. */
  abstract void beginMatch(BucketingKey key, long clock);

  /** Forgets the event. */
  abstract void endMatch();

  /** The deadline of the event's key, {@link Micros#NEVER} if it has none to be evaluated. */
  long matchedDeadline(long clock) {
    return Micros.NEVER;
  }

  /**
   * Evaluates the deadline of the event's key before its time, since the event ends the waiting of
   * what was due up to a bound.
   */
  void endWaiting(long bound, long clock, StepBuilder step) {}

  /** A firing of a key that an event leads to, at the time of the event. */
  final List<Firing> fire(
      State state, BucketingKey key, EvaluatedEvent event, Reason reason, StepBuilder step) {
    return fire(
        state, key, event.occurred(), List.of(event.id().text()), event.reference(), reason, step);
  }

  /**
   * A firing of a key, none if its causal chain is too deep: then the step says so.
   *
   * @param causes what made it fire: differs between all firings of the key in this state
   */
  final List<Firing> fire(
      State state,
      BucketingKey key,
      long time,
      List<String> causes,
      @Nullable EventRef event,
      Reason reason,
      StepBuilder step) {
    if (event != null && event.depth() >= maxCausalDepth) {
      step.observe(automation(), key, Outcome.LOOP_STOPPED, "");
      step.stopLoop(automation(), event);
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

  private boolean fits(Event event) {
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

  private boolean holds(Condition where, Event event, BucketingKey key, StepBuilder step) {
    return switch (where.test(event)) {
      case Condition.Truth.Holds _ -> true;
      case Condition.Truth.Fails _ -> {
        step.observe(automation(), key, Outcome.CONDITION_FALSE, "");
        yield false;
      }
      case Condition.Truth.Unevaluable(String reason) -> {
        step.observe(automation(), key, Outcome.CONDITION_FAULTY, reason);
        yield false;
      }
    };
  }
}
