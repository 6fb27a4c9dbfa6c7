package dev.tocsin.triggers;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one key of a Proactive trigger moves (semantics section 5). A pure function of state, event
 * or deadline, and engine clock; times are microseconds.
 */
final class ProactiveMachine {

  /** Most repeats of one absence that one event makes due. */
  static final int MOST_REPEATS = 1_000;

  private final EventTrigger trigger;
  private final long within;
  private final long lateness;
  private final long repeat;

  ProactiveMachine(EventTrigger trigger, Posture.Proactive posture) {
    this.trigger = trigger;
    this.within = Micros.of(trigger.within());
    this.lateness = Micros.of(posture.lateness());
    Duration every = posture.repeat();
    this.repeat = every == null ? ProactiveState.NEVER : Micros.of(every);
  }

  /**
   * What an event leads to.
   *
   * @param state the new state, null for none
   * @param reason why it resolves, null where it does not
   */
  record Transition(@Nullable ProactiveState state, Outcome outcome, @Nullable Reason reason) {}

  /** A watch that begins at an instant. */
  ProactiveState armed(long instant) {
    return new ProactiveState.Watching(
        Instants.NONE, instant + within, lateness, ProactiveState.NEVER, null);
  }

  /**
   * Takes in a covered event that occurred at an instant, before the key's deadline is evaluated.
   */
  Transition offer(@Nullable ProactiveState state, Event event, long clock) {
    long occurred = Micros.of(event.occurred());
    long waits = Math.max(lateness, clock - occurred);
    Covered covered = Covered.of(event);
    return trigger.after().isEmpty()
        ? watch((ProactiveState.Watching) state, occurred, waits, covered, clock)
        : await((ProactiveState.Awaiting) state, event.name(), occurred, waits, covered);
  }

  /** What is left of a state once its deadline was evaluated and it fired. */
  @Nullable ProactiveState afterFiring(ProactiveState state) {
    return switch (state) {
      case ProactiveState.Awaiting _ -> null;
      case ProactiveState.Watching watching ->
          new ProactiveState.Watching(
              watching.newest(),
              repeat == ProactiveState.NEVER ? ProactiveState.NEVER : watching.deadline() + repeat,
              watching.lateness(),
              watching.isAbsent() ? watching.absentSince() : watching.deadline(),
              watching.last());
    };
  }

  /**
   * With no more repeats left before an instant than {@link #MOST_REPEATS}: an event from long ago
   * may end the waiting of millions. Those left out are the oldest.
   */
  ProactiveState withoutOldRepeats(ProactiveState state, long bound) {
    if (!(state instanceof ProactiveState.Watching watching)
        || repeat == ProactiveState.NEVER
        || watching.deadline() > bound) {
      return state;
    }
    long surplus = (bound - watching.deadline()) / repeat + 1 - MOST_REPEATS;
    return surplus <= 0
        ? state
        : new ProactiveState.Watching(
            watching.newest(),
            watching.deadline() + surplus * repeat,
            watching.lateness(),
            watching.absentSince(),
            watching.last());
  }

  /** Why a state fires at its deadline. */
  Reason reason(ProactiveState state) {
    int seen =
        switch (state) {
          case ProactiveState.Awaiting awaiting -> awaiting.counted();
          case ProactiveState.Watching watching ->
              watching.newest().laterThan(state.deadline() - within).size();
        };
    Long since =
        state instanceof ProactiveState.Watching watching && watching.isAbsent()
            ? watching.absentSince()
            : null;
    return new Reason.Absent(
        seen,
        trigger.threshold(),
        Micros.instant(state.deadline()),
        trigger.within(),
        since == null ? null : Micros.instant(since));
  }

  private Transition watch(
      ProactiveState.@Nullable Watching state,
      long occurred,
      long waits,
      Covered covered,
      long clock) {
    if (state == null) {
      return new Transition(
          new ProactiveState.Watching(
              Instants.NONE.with(occurred),
              occurred + within,
              waits,
              ProactiveState.NEVER,
              covered),
          Outcome.ARMED,
          null);
    }
    Instants newest = newest(state.newest().with(occurred));
    boolean enough = newest.size() == trigger.threshold();
    long satisfiedUntil = enough ? newest.oldest() + within : Long.MIN_VALUE;
    if (state.isAbsent()) {
      if (satisfiedUntil <= clock) {
        return new Transition(
            new ProactiveState.Watching(
                newest, state.deadline(), state.lateness(), state.absentSince(), covered),
            Outcome.COUNTED,
            null);
      }
      return new Transition(
          new ProactiveState.Watching(newest, satisfiedUntil, waits, ProactiveState.NEVER, covered),
          Outcome.RESOLVED,
          new Reason.Returned(Micros.instant(state.absentSince()), Micros.instant(satisfiedUntil)));
    }
    boolean moves = satisfiedUntil > state.deadline();
    return new Transition(
        new ProactiveState.Watching(
            newest,
            moves ? satisfiedUntil : state.deadline(),
            moves ? waits : state.lateness(),
            ProactiveState.NEVER,
            covered),
        moves ? Outcome.SATISFIED : Outcome.COUNTED,
        null);
  }

  private Instants newest(Instants all) {
    return all.size() <= trigger.threshold() ? all : all.withoutOldest();
  }

  private Transition await(
      ProactiveState.@Nullable Awaiting window,
      String name,
      long occurred,
      long waits,
      Covered covered) {
    boolean opens = trigger.opensOn(name);
    if (window == null) {
      return opens
          ? new Transition(open(occurred, waits, covered), Outcome.OPENED, null)
          : new Transition(null, Outcome.NOT_OPEN, null);
    }
    boolean inside = window.opened() <= occurred && occurred < window.deadline();
    if (!inside || !trigger.expects(name)) {
      return new Transition(
          window.withLast(covered), opens ? Outcome.ALREADY_OPEN : Outcome.NOT_OPEN, null);
    }
    int counted = window.counted() + 1;
    if (counted < trigger.threshold()) {
      return new Transition(
          new ProactiveState.Awaiting(
              window.opened(), counted, window.deadline(), window.lateness(), covered),
          Outcome.COUNTED,
          null);
    }
    return new Transition(opens ? open(occurred, waits, covered) : null, Outcome.SATISFIED, null);
  }

  private ProactiveState open(long occurred, long waits, Covered covered) {
    return new ProactiveState.Awaiting(occurred, 0, occurred + within, waits, covered);
  }
}
