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

  /** Earlier than any instant. */
  long NOT_QUIET = Long.MIN_VALUE;

  /** When the engine clock stood as this state last took something in. */
  long takenIn();

  /** End of all that this state can still influence, or {@link Micros#NEVER}. */
  long influenceEnds(long within);

  /**
   * From when on the engine clock finds this state as if it had never been (semantics section 3,
   * lapse), or {@link Micros#NEVER}.
   */
  default long lapses(long within, long lapse) {
    long ends = influenceEnds(within);
    return ends == Micros.NEVER ? Micros.NEVER : Math.max(ends, takenIn()) + lapse;
  }

  /**
   * A sliding window.
   *
   * @param counted events that count, less than the threshold
   * @param quietUntil events before it are ignored
   */
  record Sliding(Instants counted, long quietUntil, long takenIn) implements ReactiveState {

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
   * @param counted expected events inside it so far, less than the threshold
   */
  record Open(long opened, int counted, long takenIn) implements ReactiveState {

    @Override
    public long influenceEnds(long within) {
      return within == 0 ? Micros.NEVER : opened + within;
    }
  }

  /** As bytes. */
  StateCodec<ReactiveState> CODEC = new ReactiveCodec();

  /** Times are differences to when the state last took something in. */
  final class ReactiveCodec implements StateCodec<ReactiveState> {

    private static final int QUIET = StateKind.FIRST_FLAG;

    private ReactiveCodec() {}

    @Override
    public void write(ReactiveState state, StateWriter to) {
      switch (state) {
        case Sliding sliding -> {
          boolean isQuiet = sliding.quietUntil() != NOT_QUIET;
          to.octet(StateKind.SLIDING | (isQuiet ? QUIET : 0));
          to.near(sliding.takenIn(), 0);
          if (isQuiet) {
            to.near(sliding.quietUntil(), sliding.takenIn());
          }
          StateCodec.write(sliding.counted(), sliding.takenIn(), to);
        }
        case Open open -> {
          to.octet(StateKind.OPEN);
          to.near(open.takenIn(), 0);
          to.near(open.opened(), open.takenIn());
          to.number(open.counted());
        }
      }
    }

    @Override
    public ReactiveState read(StateReader from) {
      int first = from.octet();
      return switch (first & StateKind.MASK) {
        case StateKind.SLIDING -> {
          long takenIn = from.near(0);
          long quietUntil = (first & QUIET) == 0 ? NOT_QUIET : from.near(takenIn);
          yield new Sliding(StateCodec.instants(takenIn, from), quietUntil, takenIn);
        }
        case StateKind.OPEN -> {
          long takenIn = from.near(0);
          long opened = from.near(takenIn);
          yield new Open(opened, from.count(), takenIn);
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
