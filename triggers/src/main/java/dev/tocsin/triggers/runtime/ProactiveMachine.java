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
 * The state machine of one key of a Proactive trigger: it fires at a deadline if fewer expected
 * events than the threshold occurred in the window before it. A pure function of state, event or
 * deadline, engine clock and blind intervals. Times are microseconds.
 *
 * <p>Without {@code after}, a key is a watch whose deadline is {@code within} after the oldest of
 * its newest {@code threshold} events; after it has fired, enough events resolve it. With {@code
 * after}, an event opens a window that ends {@code within} later. A deadline is evaluated {@code
 * lateness} after it, or later if the event that set it was itself late.
 */
final class ProactiveMachine {

  /** The maximum number of repeats of one absence that one event makes due. */
  static final int MAX_REPEATS = 1_000;

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
   * The result of an event.
   *
   * @param state the new state; null removes it
   * @param reason why an absence ended; null if none did
   */
  record ProactiveTransition(
      @Nullable ProactiveState state, Outcome outcome, @Nullable Reason reason) {

    /** The first event of a key starts its watch. */
    static ProactiveTransition armed(ProactiveState state) {
      return new ProactiveTransition(state, Outcome.ARMED, null);
    }

    /** An event opens a window. */
    static ProactiveTransition opened(ProactiveState state) {
      return new ProactiveTransition(state, Outcome.OPENED, null);
    }

    /** An event would open a window, but one is open. */
    static ProactiveTransition alreadyOpen(ProactiveState state) {
      return new ProactiveTransition(state, Outcome.ALREADY_OPEN, null);
    }

    /** No window is open at the event. */
    static ProactiveTransition notOpen(@Nullable ProactiveState state) {
      return new ProactiveTransition(state, Outcome.NOT_OPEN, null);
    }

    /** An expected event counts, but more are required. */
    static ProactiveTransition counted(ProactiveState state) {
      return new ProactiveTransition(state, Outcome.COUNTED, null);
    }

    /** Enough expected events were seen: the deadline moves, or the window closes. */
    static ProactiveTransition satisfied(@Nullable ProactiveState state) {
      return new ProactiveTransition(state, Outcome.SATISFIED, null);
    }

    /** An absence ends; it begins again at a deadline unless more events are seen. */
    static ProactiveTransition resolved(ProactiveState state, long absentSince, long nextDeadline) {
      return new ProactiveTransition(
          state,
          Outcome.RESOLVED,
          new Reason.Returned(Micros.instant(absentSince), Micros.instant(nextDeadline)));
    }
  }

  /** A new watch that starts at an instant. */
  ProactiveState armed(long instant) {
    return ProactiveState.Watching.present(Instants.NONE, instant + within, lateness, null);
  }

  /** Processes a matching event. The deadlines that precede it are evaluated already. */
  ProactiveTransition offer(@Nullable ProactiveState state, EvaluatedEvent event, long clock) {
    long waits = Math.max(lateness, clock - event.occurred());
    return trigger.after().isEmpty()
        ? watch((ProactiveState.Watching) state, event, waits, clock)
        : await((ProactiveState.Awaiting) state, event, waits);
  }

  /**
   * A state with its effective deadline: a window is extended by the blind time in it, and of the
   * repeats of an absence that fall into a blind interval only the newest is left, or none. Stored
   * states keep the deadline without blind intervals, so that one that becomes known later counts
   * too.
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

  /** Whether no known blind interval touches the window before a deadline. */
  boolean isSeen(long deadline) {
    return blindness.isOver(deadline - within);
  }

  /** Whether a deadline must wait, since it lies in a blind interval that has not ended. */
  boolean isHeld(long deadline, long clock) {
    return blindness.endAt(deadline) > clock;
  }

  /** When a state is evaluated, unless an event causes that earlier: not in a blind interval. */
  long evaluated(ProactiveState withBlindness) {
    return Math.max(withBlindness.evaluated(), blindness.endAt(withBlindness.deadline()));
  }

  /**
   * The next deadline of a state whose firing is suppressed because its window was partly blind;
   * {@link Micros#NEVER} if it fires.
   */
  long suppressedUntil(ProactiveState state) {
    if (onBlind != OnBlind.SUPPRESS || isRepeat(state)) {
      return Micros.NEVER;
    }
    Blindness.Part part = blindness.inside(state.deadline() - within, state.deadline());
    return part == null ? Micros.NEVER : blindness.endAt(part.until()) + within;
  }

  /** The state after a suppressed firing; null removes it. */
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

  /** The state after it fired at its deadline; null removes it. */
  @Nullable ProactiveState afterFiring(ProactiveState state) {
    return switch (state) {
      case ProactiveState.Awaiting _ -> null;
      case ProactiveState.Watching watching ->
          watching.fired(repeat == Micros.NEVER ? Micros.NEVER : watching.deadline() + repeat);
    };
  }

  /**
   * A state with at most {@value #MAX_REPEATS} repeats before an instant; the oldest are skipped.
   * Otherwise one event could make millions of repeats due.
   */
  ProactiveState withoutOldRepeats(ProactiveState state, long bound) {
    if (!(state instanceof ProactiveState.Watching watching)
        || !watching.isAbsent()
        || repeat == Micros.NEVER
        || watching.deadline() > bound) {
      return state;
    }
    long surplus = (bound - watching.deadline()) / repeat + 1 - MAX_REPEATS;
    return surplus <= 0 ? state : watching.withDeadline(watching.deadline() + surplus * repeat);
  }

  /**
   * Why a state fires.
   *
   * @param fired the state {@link #withBlindness}
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

  /** The blind part of the window before the firing, if any. */
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

  /** The start of the window before the firing. */
  private long begin(ProactiveState state, ProactiveState fired) {
    return (isRepeat(state) ? fired : state).deadline() - within;
  }

  private static boolean isRepeat(ProactiveState state) {
    return state instanceof ProactiveState.Watching watching && watching.isAbsent();
  }

  private ProactiveTransition watch(
      ProactiveState.@Nullable Watching state, EvaluatedEvent event, long waits, long clock) {
    long occurred = event.occurred();
    EventRef last = event.reference();
    if (state == null) {
      Instants first = Instants.NONE.with(occurred);
      return ProactiveTransition.armed(
          ProactiveState.Watching.present(first, occurred + within, waits, last));
    }
    Instants newest = newest(state.newest().with(occurred));
    boolean isEnough = newest.size() == trigger.threshold();
    long satisfiedUntil = isEnough ? newest.oldest() + within : Long.MIN_VALUE;
    if (state.isAbsent()) {
      long nextDeadline = isEnough ? extended(satisfiedUntil) : Long.MIN_VALUE;
      return nextDeadline <= clock
          ? ProactiveTransition.counted(state.counted(newest, last))
          : ProactiveTransition.resolved(
              ProactiveState.Watching.present(newest, satisfiedUntil, waits, last),
              state.absentSince(),
              nextDeadline);
    }
    return satisfiedUntil > state.deadline()
        ? ProactiveTransition.satisfied(
            ProactiveState.Watching.present(newest, satisfiedUntil, waits, last))
        : ProactiveTransition.counted(state.counted(newest, last));
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
      return opens
          ? ProactiveTransition.opened(open(event, waits))
          : ProactiveTransition.notOpen(null);
    }
    boolean isInside = window.opened() <= occurred && occurred < extended(window.deadline());
    if (!isInside || !names.expects(name)) {
      ProactiveState same = window.withLast(event.reference());
      return opens ? ProactiveTransition.alreadyOpen(same) : ProactiveTransition.notOpen(same);
    }
    if (window.counted() + 1 < trigger.threshold()) {
      return ProactiveTransition.counted(window.counted(event.reference()));
    }
    return ProactiveTransition.satisfied(opens ? open(event, waits) : null);
  }

  private ProactiveState open(EvaluatedEvent event, long waits) {
    long opened = event.occurred();
    return ProactiveState.Awaiting.open(opened, opened + within, waits, event.reference());
  }
}
