package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.DueSchedule;
import dev.tocsin.triggers.keyed.KeyedStates;
import dev.tocsin.triggers.keyed.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Proactive trigger at work: its machine, the states of its keys, and when they are due. */
final class ProactiveNode extends EventTriggerNode {

  private final ProactiveMachine machine;
  private final Posture.Proactive posture;
  private final Blindness blindness;
  private final boolean forgets;
  private final long forgetAfter;
  private final DueSchedule<ProactiveState> schedule;
  private final KeyedStates<ProactiveState> states;
  private @Nullable Slot<ProactiveState> matched;

  ProactiveNode(
      TreePath place,
      EventTrigger trigger,
      Posture.Proactive posture,
      RuntimeSettings settings,
      Blindness blindness) {
    super(place, trigger, settings);
    this.machine = new ProactiveMachine(trigger, names(), posture, blindness);
    this.posture = posture;
    this.blindness = blindness;
    this.forgets =
        trigger.after().isEmpty() && !trigger.forEach().isEmpty() && posture.roster().isEmpty();
    this.forgetAfter = Micros.of(posture.forgetAfter());
    this.schedule = new DueSchedule<>(ProactiveState.CODEC, this::due, this::dueDeadline);
    this.states = KeyedStates.due(trigger.maxKeys(), settings.tableSeed(), schedule);
  }

  /** When its keys are due. */
  DueSchedule<ProactiveState> schedule() {
    return schedule;
  }

  /** Arms a watch without keys, and every key of a roster. */
  @Override
  void activate(long clock, StepBuilder step) {
    if (!trigger().after().isEmpty()) {
      return;
    }
    if (trigger().forEach().isEmpty()) {
      keep(states.slot(BucketingKey.NONE), machine.armed(clock), clock, step);
    }
    for (BucketingKey key : posture.roster()) {
      keep(states.slot(key), machine.armed(clock), clock, step);
    }
  }

  @Override
  void beginMatch(BucketingKey key, long clock) {
    matched = states.slot(key);
  }

  @Override
  void endMatch() {
    matched = null;
  }

  @Override
  List<Firing> offer(EvaluatedEvent event, long clock, StepBuilder step) {
    Slot<ProactiveState> slot = matched;
    if (slot == null) {
      return List.of();
    }
    ProactiveState state = states.get(slot, clock);
    ProactiveMachine.ProactiveTransition transition = machine.offer(state, event, clock);
    keep(slot, transition.state(), clock, step);
    Reason reason = transition.reason();
    if (reason == null) {
      step.observe(
          automation(), slot.key(), transition.outcome(), progress(state, transition, event));
      return List.of();
    }
    List<Firing> fired = fire(State.RESOLVED, slot.key(), event, reason, step);
    if (!fired.isEmpty()) {
      step.observe(
          automation(), slot.key(), transition.outcome(), new FiringProgress.Complete(reason));
    }
    return fired;
  }

  /** Never, if the deadline has been evaluated already or may not be evaluated yet. */
  @Override
  long matchedDeadline(long clock) {
    Slot<ProactiveState> slot = matched;
    ProactiveState state = slot == null ? null : states.get(slot, clock);
    if (state == null) {
      return Micros.NEVER;
    }
    long deadline = machine.withBlindness(state).deadline();
    return machine.isHeld(deadline, clock) ? Micros.NEVER : deadline;
  }

  @Override
  void endWaiting(long bound, long clock, StepBuilder step) {
    Slot<ProactiveState> slot = matched;
    ProactiveState state = slot == null ? null : states.get(slot, clock);
    if (slot == null || state == null) {
      return;
    }
    fireAbsence(slot, state, clock, step);
    ProactiveState next = states.get(slot, clock);
    if (next != null) {
      boolean isForgotten = forgotten(next) <= clock;
      keep(slot, isForgotten ? null : machine.withoutOldRepeats(next, bound), clock, step);
    }
  }

  /**
   * Postpones what is due first by the blind intervals that it is extended by. Returns whether
   * anything was postponed.
   */
  boolean postpone() {
    return schedule.postponeFirst(this::dueWithBlindness, blindness.additions());
  }

  /** Evaluates what is due first: the key is forgotten, or its deadline has come. */
  void evaluateNext(long clock, StepBuilder step) {
    Slot<ProactiveState> slot = states.first();
    ProactiveState state = states.get(slot, clock);
    if (state == null) {
      return;
    }
    if (forgotten(state) <= clock) {
      states.remove(slot);
    } else {
      fireAbsence(slot, state, clock, step);
    }
  }

  @Override
  void clear() {
    states.clear();
  }

  @Override
  KeyedStates<ProactiveState> states() {
    return states;
  }

  /** How long the silence had lasted that an event ended. */
  private FiringProgress progress(
      @Nullable ProactiveState before,
      ProactiveMachine.ProactiveTransition transition,
      EvaluatedEvent event) {
    if (before == null || transition.outcome() != Outcome.SATISFIED) {
      return FiringProgress.NONE;
    }
    long within = Micros.of(trigger().within());
    long began = before.deadline() - within;
    return new FiringProgress.Silence(Math.max(0, event.occurred() - began), within);
  }

  private void fireAbsence(
      Slot<ProactiveState> slot, ProactiveState kept, long clock, StepBuilder step) {
    BucketingKey key = slot.key();
    long suppressedUntil = machine.suppressedUntil(kept);
    if (suppressedUntil != Micros.NEVER) {
      keep(slot, machine.afterSuppression(kept, suppressedUntil), clock, step);
      step.observe(
          automation(),
          key,
          Outcome.SUPPRESSED,
          new FiringProgress.Complete(machine.reason(kept, kept)));
      return;
    }
    ProactiveState state = machine.withBlindness(kept);
    keep(slot, machine.afterFiring(state), clock, step);
    for (Firing firing :
        fire(
            State.TRIGGERED,
            key,
            state.deadline(),
            causes(state),
            state.last(),
            machine.reason(kept, state),
            step)) {
      propagate(firing, clock, step);
    }
  }

  /** Windows of one key may end at the same time, but each has a last event of its own. */
  private static List<String> causes(ProactiveState state) {
    String deadline = Long.toString(state.deadline());
    EventRef last = state.last();
    return last == null ? List.of(deadline) : List.of(deadline, last.id());
  }

  /** Sets the state of a key, null to remove it. */
  private void keep(
      Slot<ProactiveState> slot, @Nullable ProactiveState state, long clock, StepBuilder step) {
    if (state == null) {
      states.remove(slot);
    } else {
      keepWithinBounds(states.put(slot, state, clock), clock, step);
    }
  }

  /** When the engine clock forgets a key, or {@link Micros#NEVER}. */
  private long forgotten(ProactiveState state) {
    return forgets && state instanceof ProactiveState.Watching watching && watching.isAbsent()
        ? watching.absentSince() + forgetAfter
        : Micros.NEVER;
  }

  /** When a key is due by its state alone; it is forgotten before a repeat at the same time. */
  private long due(ProactiveState state) {
    return Math.min(forgotten(state), state.evaluated());
  }

  /** The time of what is due of a key by its state alone. */
  private long dueDeadline(ProactiveState state) {
    long forgotten = forgotten(state);
    return forgotten <= state.evaluated() ? forgotten : state.deadline();
  }

  /** Both, with blind intervals. */
  private DueSchedule.DueTime dueWithBlindness(ProactiveState kept) {
    ProactiveState state = machine.withBlindness(kept);
    long forgotten = forgotten(kept);
    long evaluated = machine.evaluated(state);
    return forgotten <= evaluated
        ? new DueSchedule.DueTime(forgotten, forgotten)
        : new DueSchedule.DueTime(evaluated, state.deadline());
  }
}
