package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.EventId;
import dev.tocsin.triggers.keyed.Instants;
import dev.tocsin.triggers.keyed.StateCodec;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a Proactive trigger remembers of one key. Times are microseconds.
 *
 * @see ProactiveMachine
 */
sealed interface ProactiveState {

  /** When the absence begins, or {@link Micros#NEVER}. */
  long deadline();

  /** How long the deadline waits for late events. */
  long lateness();

  /** The last matching event, if any. */
  @Nullable EventRef last();

  /** This state with another last matching event. */
  ProactiveState withLast(EventRef event);

  /** This state with another deadline. */
  ProactiveState withDeadline(long deadline);

  /** Encodes these states. */
  StateCodec<ProactiveState> CODEC = new ProactiveCodec();

  /** When the deadline is evaluated, unless an event causes that earlier. */
  default long evaluated() {
    return deadline() == Micros.NEVER ? Micros.NEVER : deadline() + lateness();
  }

  /**
   * A watch: the state of a trigger without {@code after}.
   *
   * @param newest the times of the newest expected events, at most the threshold
   * @param absentSince the deadline at which it became absent, or {@link Micros#NEVER}
   */
  record Watching(
      Instants newest, long deadline, long lateness, long absentSince, @Nullable EventRef last)
      implements ProactiveState {

    /** A watch that is not absent. */
    static Watching present(
        Instants newest, long deadline, long lateness, @Nullable EventRef last) {
      return new Watching(newest, deadline, lateness, Micros.NEVER, last);
    }

    boolean isAbsent() {
      return absentSince != Micros.NEVER;
    }

    /** This watch with another event counted that moves no deadline. */
    Watching counted(Instants all, EventRef event) {
      return new Watching(all, deadline, lateness, absentSince, event);
    }

    /** This watch after it fired at its deadline, with the next one. */
    Watching fired(long nextDeadline) {
      return new Watching(
          newest, nextDeadline, lateness, isAbsent() ? absentSince : deadline, last);
    }

    @Override
    public Watching withLast(EventRef event) {
      return new Watching(newest, deadline, lateness, absentSince, event);
    }

    @Override
    public Watching withDeadline(long deadline) {
      return new Watching(newest, deadline, lateness, absentSince, last);
    }
  }

  /**
   * A window that an {@code after} event opened.
   *
   * @param opened its start
   * @param counted expected events in it so far, fewer than the threshold
   */
  record Awaiting(long opened, int counted, long deadline, long lateness, @Nullable EventRef last)
      implements ProactiveState {

    /** A window without expected events. */
    static Awaiting open(long opened, long deadline, long lateness, EventRef event) {
      return new Awaiting(opened, 0, deadline, lateness, event);
    }

    /** This window with another expected event. */
    Awaiting counted(EventRef event) {
      return new Awaiting(opened, counted + 1, deadline, lateness, event);
    }

    @Override
    public Awaiting withLast(EventRef event) {
      return new Awaiting(opened, counted, deadline, lateness, event);
    }

    @Override
    public Awaiting withDeadline(long deadline) {
      return new Awaiting(opened, counted, deadline, lateness, last);
    }
  }

  /** Writes times as differences to each other. A component left out breaks the build. */
  final class ProactiveCodec implements StateCodec<ProactiveState> {

    private static final int LATE = StateKind.FIRST_FLAG;
    private static final int CAUSED = StateKind.SECOND_FLAG;
    private static final int ABSENT = StateKind.THIRD_FLAG;
    private static final int COUNTED = StateKind.THIRD_FLAG;
    private static final int NO_DEADLINE = StateKind.FOURTH_FLAG;

    private ProactiveCodec() {}

    @Override
    public void write(ProactiveState state, StateWriter to) {
      switch (state) {
        case Watching(var newest, long deadline, long lateness, long absentSince, var last) -> {
          boolean isAbsent = absentSince != Micros.NEVER;
          boolean hasDeadline = deadline != Micros.NEVER;
          to.octet(
              StateKind.WATCHING
                  | flags(lateness, last)
                  | (isAbsent ? ABSENT : 0)
                  | (hasDeadline ? 0 : NO_DEADLINE));
          StateCodec.write(newest, 0, to);
          long base = base(newest);
          if (hasDeadline) {
            to.near(deadline, base);
          }
          if (isAbsent) {
            to.near(absentSince, base);
          }
          write(lateness, last, to);
        }
        case Awaiting(long opened, int counted, long deadline, long lateness, var last) -> {
          to.octet(StateKind.AWAITING | flags(lateness, last) | (counted != 0 ? COUNTED : 0));
          to.near(opened, 0);
          to.near(deadline, opened);
          if (counted != 0) {
            to.number(counted);
          }
          write(lateness, last, to);
        }
      }
    }

    private static int flags(long lateness, @Nullable EventRef last) {
      return (lateness != 0 ? LATE : 0) | (last != null && isCaused(last) ? CAUSED : 0);
    }

    private static boolean isCaused(EventRef event) {
      return event.depth() != 0 || event.cause() != null;
    }

    private static void write(long lateness, @Nullable EventRef last, StateWriter to) {
      if (lateness != 0) {
        to.number(lateness);
      }
      if (last == null) {
        to.text(null);
      } else {
        write(last, to);
      }
    }

    private static void write(EventRef event, StateWriter to) {
      switch (event) {
        case EventRef(EventId id, int depth, var cause) -> {
          to.id(id);
          if (isCaused(event)) {
            to.number(depth);
            to.text(cause == null ? id.text() : cause);
          }
        }
      }
    }

    private static long base(Instants newest) {
      return newest.isEmpty() ? 0 : newest.newest();
    }

    @Override
    public ProactiveState read(StateReader from) {
      int first = from.octet();
      return switch (first & StateKind.MASK) {
        case StateKind.WATCHING -> watching(first, from);
        case StateKind.AWAITING -> awaiting(first, from);
        default -> throw StateReader.unreadable();
      };
    }

    private static Watching watching(int first, StateReader from) {
      Instants newest = StateCodec.instants(0, from);
      long base = base(newest);
      long deadline = (first & NO_DEADLINE) != 0 ? Micros.NEVER : from.near(base);
      long absentSince = (first & ABSENT) == 0 ? Micros.NEVER : from.near(base);
      long lateness = (first & LATE) == 0 ? 0 : from.number();
      return new Watching(newest, deadline, lateness, absentSince, last(first, from));
    }

    private static Awaiting awaiting(int first, StateReader from) {
      long opened = from.near(0);
      long deadline = from.near(opened);
      int counted = (first & COUNTED) == 0 ? 0 : from.count();
      long lateness = (first & LATE) == 0 ? 0 : from.number();
      return new Awaiting(opened, counted, deadline, lateness, last(first, from));
    }

    private static @Nullable EventRef last(int first, StateReader from) {
      EventId id = from.idOrNull();
      if (id == null) {
        return null;
      }
      if ((first & CAUSED) == 0) {
        return new EventRef(id, 0, null);
      }
      int depth = from.count();
      String origin = from.text();
      return new EventRef(id, depth, origin.equals(id.text()) ? null : origin);
    }

    @Override
    public long bytes(ProactiveState state) {
      return state instanceof Watching watching ? Long.BYTES * (long) watching.newest().size() : 0;
    }

    @Override
    public boolean isLarge(ProactiveState state) {
      return state instanceof Watching watching && watching.newest().size() > MAX_ENCODED;
    }
  }
}
