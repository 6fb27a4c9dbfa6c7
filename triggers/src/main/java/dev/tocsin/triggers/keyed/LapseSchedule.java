package dev.tocsin.triggers.keyed;

import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * States that lapse: from an instant on such a state is treated as absent, whether or not its
 * memory has been freed. A cell may be scheduled too early, since its state has changed: it is
 * rescheduled when that time comes, which is less work than at each change.
 *
 * @param <S> the state of a key
 */
final class LapseSchedule<S> extends Schedule<S> {

  private final ToLongFunction<S> lapses;

  LapseSchedule(StateCodec<S> codec, ToLongFunction<S> lapses) {
    super(codec);
    this.lapses = lapses;
  }

  @Override
  boolean hasLapsed(S state, long clock) {
    return lapses.applyAsLong(state) <= clock;
  }

  @Override
  int nextLapsed(long clock) {
    while (!times().isEmpty() && times().firstTime() <= clock) {
      int cell = times().first();
      long time = lapses.applyAsLong(contents().state(cell));
      if (time <= clock) {
        return cell;
      }
      setTime(cell, time);
    }
    return SlabPages.NONE;
  }

  @Override
  void set(int cell, S state) {
    long time = lapses.applyAsLong(state);
    if (!times().holds(cell) || times().timeOf(cell) > time) {
      setTime(cell, time);
    }
  }

  @Override
  void remove(int cell) {
    times().remove(cell);
  }

  @Override
  boolean isBefore(int cell, int other) {
    return false;
  }

  @Override
  Previous restart(CellStore<S> next) {
    return replaceStore(next, Map.of());
  }
}
