package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Proactive trigger at work: its machine, the state of its keys, and their deadlines. */
final class ProactiveNode extends EventTriggerNode {

  private final ProactiveMachine machine;
  private final Posture.Proactive posture;
  private final Deadlines deadlines;
  private final Blindness blindness;
  private final boolean forgets;
  private final long forgetAfter;
  private final KeyedStates<ProactiveState> states;
  private final int number;

  ProactiveNode(
      Place place,
      EventTrigger trigger,
      Posture.Proactive posture,
      int position,
      RuntimeSettings settings,
      Deadlines deadlines,
      Blindness blindness) {
    super(place, trigger, position, settings);
    this.machine = new ProactiveMachine(trigger, names(), posture, blindness);
    this.posture = posture;
    this.deadlines = deadlines;
    this.blindness = blindness;
    this.forgets =
        trigger.after().isEmpty() && !trigger.forEach().isEmpty() && posture.roster().isEmpty();
    this.forgetAfter = Micros.of(posture.forgetAfter());
    this.states =
        KeyedStates.due(
            trigger.maxKeys(),
            settings.tableSeed(),
            ProactiveState.CODEC,
            this::due,
            this::dueDeadline);
    this.number = deadlines.add(states, position);
  }

  /** A watch without keys, and every key of a roster, is armed. */
  @Override
  void activate(long clock, StepBuilder ledger) {
    if (!trigger().after().isEmpty()) {
      return;
    }
    if (trigger().forEach().isEmpty()) {
      keep(states.seat(BucketingKey.NONE), machine.armed(clock), clock, ledger);
    }
    for (BucketingKey key : posture.roster()) {
      keep(states.seat(key), machine.armed(clock), clock, ledger);
    }
  }

  @Override
  KeyedStates.Seat seat(BucketingKey key, long clock) {
    return states.seat(key);
  }

  @Override
  List<Firing> take(EvaluatedEvent event, KeyedStates.Seat seat, long clock, StepBuilder ledger) {
    ProactiveState state = states.get(seat, clock);
    BucketingKey key = seat.key();
    ProactiveMachine.Transition transition = machine.offer(state, event, clock);
    keep(seat, transition.state(), clock, ledger);
    Reason reason = transition.reason();
    if (reason == null) {
      ledger.observe(automation(), key, transition.outcome(), progress(state, transition, event));
      return List.of();
    }
    List<Firing> fired = fire(State.RESOLVED, key, event, reason, ledger);
    if (!fired.isEmpty()) {
      ledger.observe(automation(), key, transition.outcome(), new Progress.Complete(reason));
    }
    return fired;
  }

  /**
   * When a key is absent, unless that is evaluated already or may not be yet; {@link
   * ProactiveState#NEVER} if never.
   */
  long deadline(KeyedStates.Seat seat, long clock) {
    ProactiveState kept = states.get(seat, clock);
    if (kept == null) {
      return ProactiveState.NEVER;
    }
    long deadline = machine.withBlindness(kept).deadline();
    return machine.isHeld(deadline, clock) ? ProactiveState.NEVER : deadline;
  }

  /**
   * Moves what is due first to where it is due once blind intervals are counted in. Says whether
   * anything moved.
   */
  boolean postpone() {
    boolean hasMoved = states.postponeFirst(this::dueInstead, blindness.additions());
    if (hasMoved) {
      deadlines.changed(number);
    }
    return hasMoved;
  }

  /** Undoes every {@link #postpone}. */
  void scheduleAnew() {
    states.scheduleAnew();
    deadlines.changed(number);
  }

  /** Evaluates what is due first. */
  void evaluateNext(long clock, StepBuilder ledger) {
    evaluate(states.next(), clock, ledger);
  }

  /** Evaluates what is due of a key: it is forgotten, or its deadline has come. */
  private void evaluate(KeyedStates.Seat seat, long clock, StepBuilder ledger) {
    ProactiveState state = states.get(seat, clock);
    if (state == null) {
      return;
    }
    if (forgotten(state) <= clock) {
      remove(seat);
      return;
    }
    fireAbsence(seat, state, clock, ledger);
  }

  /**
   * Evaluates the deadline of a key before its time, since an event has ended the waiting of what
   * was due up to a bound.
   */
  void endWaiting(KeyedStates.Seat seat, long bound, long clock, StepBuilder ledger) {
    ProactiveState state = states.get(seat, clock);
    if (state == null) {
      return;
    }
    fireAbsence(seat, state, clock, ledger);
    ProactiveState next = states.get(seat, clock);
    if (next == null) {
      return;
    }
    keep(
        seat,
        forgotten(next) <= clock ? null : machine.withoutOldRepeats(next, bound),
        clock,
        ledger);
  }

  @Override
  void clear() {
    states.clear();
    deadlines.changed(number);
  }

  @Override
  KeyedStates<ProactiveState> states() {
    return states;
  }

  @Override
  void settle(long clock, StepBuilder ledger) {
    super.settle(clock, ledger);
    deadlines.changed(number);
  }

  /** How long the silence had lasted, where the event ended it. */
  private Progress progress(
      @Nullable ProactiveState before,
      ProactiveMachine.Transition transition,
      EvaluatedEvent event) {
    if (before == null || transition.outcome() != Outcome.SATISFIED) {
      return Progress.NONE;
    }
    long within = Micros.of(trigger().within());
    long began = before.deadline() - within;
    return new Progress.Silence(Math.max(0, event.occurred() - began), within);
  }

  private void fireAbsence(
      KeyedStates.Seat seat, ProactiveState kept, long clock, StepBuilder ledger) {
    BucketingKey key = seat.key();
    long suppressedUntil = machine.suppressedUntil(kept);
    if (suppressedUntil != ProactiveState.NEVER) {
      keep(seat, machine.afterSuppression(kept, suppressedUntil), clock, ledger);
      ledger.observe(
          automation(), key, Outcome.SUPPRESSED, new Progress.Complete(machine.reason(kept, kept)));
      return;
    }
    ProactiveState state = machine.withBlindness(kept);
    keep(seat, machine.afterFiring(state), clock, ledger);
    for (Firing firing :
        fire(
            State.TRIGGERED,
            key,
            state.deadline(),
            causes(state),
            state.last(),
            machine.reason(kept, state),
            ledger)) {
      climb(firing, clock, ledger);
    }
  }

  /** Windows of one key may end at one time: each has a last event of its own. */
  private static List<String> causes(ProactiveState state) {
    String deadline = Long.toString(state.deadline());
    EventRef last = state.last();
    return last == null ? List.of(deadline) : List.of(deadline, last.id());
  }

  /** When the engine clock forgets a key, or {@link ProactiveState#NEVER}. */
  private long forgotten(ProactiveState state) {
    return forgets && state instanceof ProactiveState.Watching watching && watching.isAbsent()
        ? watching.absentSince() + forgetAfter
        : ProactiveState.NEVER;
  }

  /** Makes this the state of a key, null for none; its deadline goes with it. */
  private void keep(
      KeyedStates.Seat seat, @Nullable ProactiveState state, long clock, StepBuilder ledger) {
    if (state == null) {
      remove(seat);
      return;
    }
    List<BucketingKey> givenUp = states.put(seat, state, clock);
    deadlines.changed(number);
    giveUp(givenUp, ledger);
  }

  private void remove(KeyedStates.Seat seat) {
    states.remove(seat);
    deadlines.changed(number);
  }

  /**
   * When a key is due by its state alone: being forgotten comes before a repeat at the same time.
   */
  private long due(ProactiveState state) {
    return Math.min(forgotten(state), state.evaluated());
  }

  /** The same, with blind intervals counted in. */
  private KeyedStates.Due dueInstead(ProactiveState kept) {
    ProactiveState state = machine.withBlindness(kept);
    long forgotten = forgotten(kept);
    long evaluated = machine.evaluated(state);
    return forgotten <= evaluated
        ? new KeyedStates.Due(forgotten, forgotten)
        : new KeyedStates.Due(evaluated, state.deadline());
  }

  /** The time of what is due of a key by its state alone. */
  private long dueDeadline(ProactiveState state) {
    long forgotten = forgotten(state);
    return forgotten <= state.evaluated() ? forgotten : state.deadline();
  }
}
