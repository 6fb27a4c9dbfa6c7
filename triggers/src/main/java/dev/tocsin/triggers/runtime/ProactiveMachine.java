package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.keyed.Instants;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one key of a Proactive trigger moves (semantics sections 5 and 9). A pure function of state,
 * event or deadline, engine clock, and of when the engine could not see; times are microseconds.
 */
final class ProactiveMachine {

  private static final ProactiveTransition NOT_OPEN =
      new ProactiveTransition(null, Outcome.NOT_OPEN, null);
  private static final ProactiveTransition SATISFIED =
      new ProactiveTransition(null, Outcome.SATISFIED, null);

  /** Most repeats of one absence that one event makes due. */
  static final int MOST_REPEATS = 1_000;

  private final EventTrigger trigger;
  private final NameMatcher names;
  private final long within;
  private final long lateness;
  private final long repeat;
  private final OnBlind onBlind;
  private final Blindness blindness;

  ProactiveMachine(
      EventTrigger trigger, NameMatcher names, Posture.Proactive posture, Blindness blindness) {
    this.trigger = trigger;
    this.names = names;
    this.within = Micros.of(trigger.within());
    this.lateness = Micros.of(posture.lateness());
    Duration every = posture.repeat();
    this.repeat = every == null ? Micros.NEVER : Micros.of(every);
    this.onBlind = posture.onBlind();
    this.blindness = blindness;
  }

  /**
   * What an event leads to.
   *
   * @param state the new state, null for none
   * @param reason why it resolves, null where it does not
   */
  record ProactiveTransition(
      @Nullable ProactiveState state, Outcome outcome, @Nullable Reason reason) {}

  /** A watch that begins at an instant. */
  ProactiveState armed(long instant) {
    return new ProactiveState.Watching(
        Instants.NONE, instant + within, lateness, Micros.NEVER, null);
  }

  /**
   * Takes in a covered event that occurred at an instant, before the key's deadline is evaluated.
   */
  ProactiveTransition offer(@Nullable ProactiveState state, EvaluatedEvent event, long clock) {
    long waits = Math.max(lateness, clock - event.occurred());
    return trigger.after().isEmpty()
        ? watch((ProactiveState.Watching) state, event, waits, clock)
        : await((ProactiveState.Awaiting) state, event, waits);
  }

  /**
   * A state with the deadline that it has once blind intervals are counted in: a window lasts
   * longer by as much as was blind inside it, and of the repeats of an absence that fall into an
   * interval the newest is left, or none. What is kept is the deadline without them, so that an
   * interval that becomes known later counts too.
   */
  ProactiveState withBlindness(ProactiveState state) {
    if (isSeen(state.deadline())) {
      return state;
    }
    return switch (state) {
      case ProactiveState.Awaiting window -> window.withDeadline(extended(window.deadline()));
      case ProactiveState.Watching watching ->
          watching.withDeadline(
              isRepeat(watching)
                  ? newestRepeat(watching.deadline())
                  : extended(watching.deadline()));
    };
  }

  /** Whether nothing of the window that ends at a deadline is blind, as far as is known. */
  boolean isSeen(long deadline) {
    return blindness.isOver(deadline - within);
  }

  /** Whether a deadline may not be evaluated yet, since it lies in an interval that goes on. */
  boolean isHeld(long deadline, long clock) {
    return blindness.endAt(deadline) > clock;
  }

  /** When a state is evaluated if no event ends its waiting before: not while it is blind. */
  long evaluated(ProactiveState withBlindness) {
    return Math.max(withBlindness.evaluated(), blindness.endAt(withBlindness.deadline()));
  }

  /**
   * When the watch of a state that has come to its deadline has the next one instead of firing,
   * since its window was not seen as a whole; {@link Micros#NEVER} where it fires.
   */
  long suppressedUntil(ProactiveState state) {
    if (onBlind != OnBlind.SUPPRESS || isRepeat(state)) {
      return Micros.NEVER;
    }
    Blindness.Part part = blindness.inside(state.deadline() - within, state.deadline());
    return part == null ? Micros.NEVER : blindness.endAt(part.until()) + within;
  }

  /** What is left of a state whose firing was suppressed. */
  @Nullable ProactiveState afterSuppression(ProactiveState state, long until) {
    return switch (state) {
      case ProactiveState.Awaiting _ -> null;
      case ProactiveState.Watching watching -> watching.withDeadline(until);
    };
  }

  private long extended(long deadline) {
    return onBlind == OnBlind.EXTEND ? blindness.seen(within, deadline - within) : deadline;
  }

  private long newestRepeat(long deadline) {
    long newest = deadline;
    for (long end = blindness.endAt(newest); end > newest; end = blindness.endAt(newest)) {
      newest += (end - 1 - newest) / repeat * repeat;
      if (onBlind != OnBlind.SUPPRESS) {
        return newest;
      }
      newest += repeat;
    }
    return newest;
  }

  /** What is left of a state once its deadline was evaluated and it fired. */
  @Nullable ProactiveState afterFiring(ProactiveState state) {
    return switch (state) {
      case ProactiveState.Awaiting _ -> null;
      case ProactiveState.Watching watching ->
          new ProactiveState.Watching(
              watching.newest(),
              repeat == Micros.NEVER ? Micros.NEVER : watching.deadline() + repeat,
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
        || !watching.isAbsent()
        || repeat == Micros.NEVER
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

  /**
   * Why a state fires.
   *
   * @param fired the same {@link #withBlindness}
   */
  Reason reason(ProactiveState state, ProactiveState fired) {
    int seen =
        switch (state) {
          case ProactiveState.Awaiting awaiting -> awaiting.counted();
          case ProactiveState.Watching watching ->
              watching.newest().laterThan(begin(state, fired)).size();
        };
    Long since =
        state instanceof ProactiveState.Watching watching && watching.isAbsent()
            ? watching.absentSince()
            : null;
    return new Reason.Absent(
        seen,
        trigger.threshold(),
        Micros.instant(fired.deadline()),
        trigger.within(),
        since == null ? null : Micros.instant(since),
        blind(state, fired));
  }

  /** What was blind of the window that ends where a state fires. */
  private Reason.@Nullable BlindSpan blind(ProactiveState state, ProactiveState fired) {
    Blindness.Part part = blindness.inside(begin(state, fired), fired.deadline());
    return part == null
        ? null
        : new Reason.BlindSpan(
            Micros.instant(part.from()),
            Micros.instant(part.until()),
            Micros.duration(part.total()),
            onBlind == OnBlind.EXTEND && !isRepeat(state));
  }

  /** Where the window begins that ends where a state fires. */
  private long begin(ProactiveState state, ProactiveState fired) {
    return (isRepeat(state) ? fired : state).deadline() - within;
  }

  private static boolean isRepeat(ProactiveState state) {
    return state instanceof ProactiveState.Watching watching && watching.isAbsent();
  }

  private ProactiveTransition watch(
      ProactiveState.@Nullable Watching state, EvaluatedEvent event, long waits, long clock) {
    long occurred = event.occurred();
    if (state == null) {
      return new ProactiveTransition(
          new ProactiveState.Watching(
              Instants.NONE.with(occurred),
              occurred + within,
              waits,
              Micros.NEVER,
              event.reference()),
          Outcome.ARMED,
          null);
    }
    Instants newest = newest(state.newest().with(occurred));
    boolean enough = newest.size() == trigger.threshold();
    long satisfiedUntil = enough ? newest.oldest() + within : Long.MIN_VALUE;
    if (state.isAbsent()) {
      long nextDeadline = enough ? extended(satisfiedUntil) : Long.MIN_VALUE;
      if (nextDeadline <= clock) {
        return new ProactiveTransition(
            new ProactiveState.Watching(
                newest, state.deadline(), state.lateness(), state.absentSince(), event.reference()),
            Outcome.COUNTED,
            null);
      }
      return new ProactiveTransition(
          new ProactiveState.Watching(
              newest, satisfiedUntil, waits, Micros.NEVER, event.reference()),
          Outcome.RESOLVED,
          new Reason.Returned(Micros.instant(state.absentSince()), Micros.instant(nextDeadline)));
    }
    boolean moves = satisfiedUntil > state.deadline();
    return new ProactiveTransition(
        new ProactiveState.Watching(
            newest,
            moves ? satisfiedUntil : state.deadline(),
            moves ? waits : state.lateness(),
            Micros.NEVER,
            event.reference()),
        moves ? Outcome.SATISFIED : Outcome.COUNTED,
        null);
  }

  private Instants newest(Instants all) {
    return all.size() <= trigger.threshold() ? all : all.withoutOldest();
  }

  private ProactiveTransition await(
      ProactiveState.@Nullable Awaiting window, EvaluatedEvent event, long waits) {
    String name = event.event().name();
    long occurred = event.occurred();
    boolean opens = names.opensOn(name);
    if (window == null) {
      return opens ? new ProactiveTransition(open(event, waits), Outcome.OPENED, null) : NOT_OPEN;
    }
    boolean inside = window.opened() <= occurred && occurred < extended(window.deadline());
    if (!inside || !names.expects(name)) {
      return new ProactiveTransition(
          window.withLast(event.reference()),
          opens ? Outcome.ALREADY_OPEN : Outcome.NOT_OPEN,
          null);
    }
    int counted = window.counted() + 1;
    if (counted < trigger.threshold()) {
      return new ProactiveTransition(
          new ProactiveState.Awaiting(
              window.opened(), counted, window.deadline(), window.lateness(), event.reference()),
          Outcome.COUNTED,
          null);
    }
    return opens ? new ProactiveTransition(open(event, waits), Outcome.SATISFIED, null) : SATISFIED;
  }

  private ProactiveState open(EvaluatedEvent event, long waits) {
    long opened = event.occurred();
    return new ProactiveState.Awaiting(opened, 0, opened + within, waits, event.reference());
  }
}
