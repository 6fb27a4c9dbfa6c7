package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.Micros;
import java.util.Map;

/**
 * The times of the cells of one {@link KeyedStates}, the earliest at hand: when a state {@linkplain
 * LapseSchedule lapses}, or when it {@linkplain DueSchedule is due}.
 *
 * @param <S> the state of a key
 */
abstract sealed class Schedule<S> permits LapseSchedule, DueSchedule {

  private CellStore<S> contents;
  private DeadlineQueue times;

  Schedule(StateCodec<S> codec) {
    contents = new CellStore<>(codec);
    times = new DeadlineQueue(new ByCell(contents.pages(), this));
  }

  /** The store whose cells are scheduled. */
  final CellStore<S> contents() {
    return contents;
  }

  final DeadlineQueue times() {
    return times;
  }

  /** Whether a state no longer exists at an instant. */
  abstract boolean hasLapsed(S state, long clock);

  /** A cell whose state has lapsed, or {@link SlabPages#NONE}. */
  abstract int nextLapsed(long clock);

  /** Schedules a cell by its new state. */
  abstract void set(int cell, S state);

  abstract void remove(int cell);

  /** Replaces a cell by another one that is not scheduled. */
  void renumber(int before, int cell) {
    if (times.holds(before)) {
      times.renumber(before, cell);
    }
  }

  /** Decides between cells with the same time. */
  abstract boolean isBefore(int cell, int other);

  /** Starts empty over another store, and returns what was scheduled before. */
  abstract Previous restart(CellStore<S> next);

  /** Schedules a cell as the cell of the store before was, whose content it has. */
  void carryOver(Previous previous, int before, int cell) {
    if (previous.times().holds(before)) {
      times.set(cell, previous.times().timeOf(before));
    }
  }

  /**
   * What was scheduled over a store that has been replaced.
   *
   * @param postponed by cell, the deadlines of those due later than by their state alone
   */
  record Previous(DeadlineQueue times, Map<Integer, Long> postponed) {}

  final Previous replaceStore(CellStore<S> next, Map<Integer, Long> postponed) {
    Previous previous = new Previous(times, postponed);
    contents = next;
    times = new DeadlineQueue(new ByCell(next.pages(), this));
    return previous;
  }

  final void setTime(int cell, long time) {
    if (time == Micros.NEVER) {
      times.remove(cell);
    } else {
      times.set(cell, time);
    }
  }

  /** One class for both schedules, so that the queue calls it without a virtual dispatch. */
  private static final class ByCell implements DeadlineQueue.Items {

    private final SlabPages pages;
    private final Schedule<?> schedule;

    ByCell(SlabPages pages, Schedule<?> schedule) {
      this.pages = pages;
      this.schedule = schedule;
    }

    @Override
    public int place(int cell) {
      return pages.place(cell);
    }

    @Override
    public void setPlace(int cell, int place) {
      pages.setPlace(cell, place);
    }

    @Override
    public boolean isBefore(int cell, int other) {
      return schedule.isBefore(cell, other);
    }
  }
}
