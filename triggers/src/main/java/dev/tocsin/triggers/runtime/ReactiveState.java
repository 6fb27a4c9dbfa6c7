package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.Instants;
import dev.tocsin.triggers.keyed.StateCodec;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;

/**
 * What a Reactive trigger remembers of one key. Times are microseconds.
 *
 * @see ReactiveMachine
 */
sealed interface ReactiveState {

  /** For {@code quietUntil}: earlier than any instant. */
  long NOT_QUIET = Long.MIN_VALUE;

  /** The engine clock at the last update of this state. */
  long updated();

  /** When this state stops to influence anything, or {@link Micros#NEVER}. */
  long influenceEnds(long within);

  /**
   * When this state lapses, or {@link Micros#NEVER}: once the engine clock is later than both its
   * influence and its last update by the lapse time, the key is treated as if it had no state.
   */
  default long lapses(long within, long lapse) {
    long ends = influenceEnds(within);
    return ends == Micros.NEVER ? Micros.NEVER : Math.max(ends, updated()) + lapse;
  }

  /**
   * A sliding window.
   *
   * @param counted the times of the events counted, fewer than the threshold
   * @param quietUntil events that occurred before it are ignored
   */
  record Sliding(Instants counted, long quietUntil, long updated) implements ReactiveState {

    static final Sliding FRESH = new Sliding(Instants.NONE, NOT_QUIET, NOT_QUIET);

    @Override
    public long influenceEnds(long within) {
      return counted.isEmpty() ? quietUntil : Math.max(counted.newest() + within, quietUntil);
    }
  }

  /**
   * A window that an {@code after} event opened.
   *
   * @param opened its start
   * @param counted expected events in it so far, fewer than the threshold
   */
  record Open(long opened, int counted, long updated) implements ReactiveState {

    @Override
    public long influenceEnds(long within) {
      return within == 0 ? Micros.NEVER : opened + within;
    }
  }

  /** Encodes these states. */
  StateCodec<ReactiveState> CODEC = new ReactiveCodec();

  /** Writes times as differences to the last update. A component left out breaks the build. */
  final class ReactiveCodec implements StateCodec<ReactiveState> {

    private static final int QUIET = StateKind.FIRST_FLAG;

    private ReactiveCodec() {}

    @Override
    public void write(ReactiveState state, StateWriter to) {
      switch (state) {
        case Sliding(Instants counted, long quietUntil, long updated) -> {
          boolean isQuiet = quietUntil != NOT_QUIET;
          to.octet(StateKind.SLIDING | (isQuiet ? QUIET : 0));
          to.near(updated, 0);
          if (isQuiet) {
            to.near(quietUntil, updated);
          }
          StateCodec.write(counted, updated, to);
        }
        case Open(long opened, int counted, long updated) -> {
          to.octet(StateKind.OPEN);
          to.near(updated, 0);
          to.near(opened, updated);
          to.number(counted);
        }
      }
    }

    @Override
    public ReactiveState read(StateReader from) {
      int first = from.octet();
      return switch (first & StateKind.MASK) {
        case StateKind.SLIDING -> {
          long updated = from.near(0);
          long quietUntil = (first & QUIET) == 0 ? NOT_QUIET : from.near(updated);
          yield new Sliding(StateCodec.instants(updated, from), quietUntil, updated);
        }
        case StateKind.OPEN -> {
          long updated = from.near(0);
          long opened = from.near(updated);
          yield new Open(opened, from.count(), updated);
        }
        default -> throw StateReader.unreadable();
      };
    }

    @Override
    public long bytes(ReactiveState state) {
      return state instanceof Sliding sliding ? Long.BYTES * (long) sliding.counted().size() : 0;
    }

    @Override
    public boolean isLarge(ReactiveState state) {
      return state instanceof Sliding sliding && sliding.counted().size() > MAX_ENCODED;
    }
  }
}
