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

  /** When it is too late, or {@link Micros#NEVER}. */
  long deadline();

  /** How long the deadline waits for late events. */
  long lateness();

  /** The last covered event, if any. */
  @Nullable EventRef last();

  /** This state with another last covered event. */
  ProactiveState withLast(EventRef event);

  /** This state with another deadline. */
  ProactiveState withDeadline(long deadline);

  /** As bytes. */
  StateCodec<ProactiveState> CODEC = new ProactiveCodec();

  /** When the deadline is evaluated if no event ends its waiting before. */
  default long evaluated() {
    return deadline() == Micros.NEVER ? Micros.NEVER : deadline() + lateness();
  }

  /**
   * A watch.
   *
   * @param newest the newest expected events, at most the threshold
   * @param absentSince the deadline at which it became absent, or {@link Micros#NEVER}
   */
  record Watching(
      Instants newest, long deadline, long lateness, long absentSince, @Nullable EventRef last)
      implements ProactiveState {

    boolean isAbsent() {
      return absentSince != Micros.NEVER;
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
   * @param counted expected events inside it so far, less than the threshold
   */
  record Awaiting(long opened, int counted, long deadline, long lateness, @Nullable EventRef last)
      implements ProactiveState {

    @Override
    public Awaiting withLast(EventRef event) {
      return new Awaiting(opened, counted, deadline, lateness, event);
    }

    @Override
    public Awaiting withDeadline(long deadline) {
      return new Awaiting(opened, counted, deadline, lateness, last);
    }
  }

  /** Times are differences to the one before. */
  final class ProactiveCodec implements StateCodec<ProactiveState> {

    private static final int LATE = StateKind.FIRST_FLAG;
    private static final int CAUSED = StateKind.SECOND_FLAG;
    private static final int ABSENT = StateKind.THIRD_FLAG;
    private static final int COUNTED = StateKind.THIRD_FLAG;
    private static final int NO_DEADLINE = StateKind.FOURTH_FLAG;

    private ProactiveCodec() {}

    @Override
    public void write(ProactiveState state, StateWriter to) {
      EventRef last = state.last();
      boolean isCaused = last != null && (last.depth() != 0 || last.cause() != null);
      int flags = (state.lateness() != 0 ? LATE : 0) | (isCaused ? CAUSED : 0);
      switch (state) {
        case Watching watching -> write(watching, flags, to);
        case Awaiting awaiting -> write(awaiting, flags, to);
      }
      if (state.lateness() != 0) {
        to.number(state.lateness());
      }
      if (last == null) {
        to.text(null);
        return;
      }
      to.id(last.eventId());
      if (isCaused) {
        to.number(last.depth());
        to.text(last.origin());
      }
    }

    private static void write(Watching watching, int flags, StateWriter to) {
      to.octet(
          StateKind.WATCHING
              | flags
              | (watching.isAbsent() ? ABSENT : 0)
              | (watching.deadline() == Micros.NEVER ? NO_DEADLINE : 0));
      StateCodec.write(watching.newest(), 0, to);
      long base = base(watching.newest());
      if (watching.deadline() != Micros.NEVER) {
        to.near(watching.deadline(), base);
      }
      if (watching.isAbsent()) {
        to.near(watching.absentSince(), base);
      }
    }

    private static long base(Instants newest) {
      return newest.isEmpty() ? 0 : newest.newest();
    }

    private static void write(Awaiting awaiting, int flags, StateWriter to) {
      to.octet(StateKind.AWAITING | flags | (awaiting.counted() != 0 ? COUNTED : 0));
      to.near(awaiting.opened(), 0);
      to.near(awaiting.deadline(), awaiting.opened());
      if (awaiting.counted() != 0) {
        to.number(awaiting.counted());
      }
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
