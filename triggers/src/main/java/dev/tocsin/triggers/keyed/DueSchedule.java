package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.Micros;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * States that are due: each stays until it is evaluated. They are ordered by the time of
 * evaluation, then by deadline, then by key. A host may postpone what is due first, and is called
 * back when another state may be due first.
 *
 * @param <S> the state of a key
 */
public final class DueSchedule<S> extends Schedule<S> {

  private final ToLongFunction<S> evaluated;
  private final ToLongFunction<S> deadline;
  private Runnable firstChanged = () -> {};

  /** Deadlines of the cells that are due later than by their state alone. */
  private Map<Integer, Long> postponed = new HashMap<>(0);

  /** The first cell, if it was found not to be due later as of {@link #settledAsOf}. */
  private int settledFirst = SlabPages.NONE;

  private int settledAsOf;
  private int firstsTold;

  /**
   * Nothing is due.
   *
   * @param evaluated when a state is evaluated, {@link Micros#NEVER} if never
   * @param deadline the deadline of a state, which decides between equal times of evaluation
   */
  public DueSchedule(StateCodec<S> codec, ToLongFunction<S> evaluated, ToLongFunction<S> deadline) {
    super(codec);
    this.evaluated = evaluated;
    this.deadline = deadline;
  }

  /** Sets what is called whenever {@link #next} or {@link #nextDeadline} may have changed. */
  public void onFirstChanged(Runnable listener) {
    firstChanged = listener;
  }

  /** When the first state is due, or {@link Micros#NEVER}. */
  public long next() {
    return times().isEmpty() ? Micros.NEVER : times().firstTime();
  }

  /** The deadline of the state that is due first; there must be one. */
  public long nextDeadline() {
    return deadline(times().first());
  }

  /**
   * When a state is due.
   *
   * @param evaluated when it is evaluated
   * @param deadline its deadline
   */
  public record DueTime(long evaluated, long deadline) {}

  /**
   * Postpones the first state as long as it is due later than scheduled, so that the first one is
   * scheduled correctly. A state is scheduled by itself alone until it comes first, which is never
   * too late.
   *
   * @param dueTime when a state is due, never earlier than by itself
   * @param asOf a number that changes whenever {@code dueTime} would return something else
   * @return whether any state was postponed
   */
  public boolean postponeFirst(Function<S, DueTime> dueTime, int asOf) {
    boolean hasMoved = false;
    while (!times().isEmpty()) {
      int cell = times().first();
      if (cell == settledFirst && asOf == settledAsOf) {
        break;
      }
      DueTime due = dueTime.apply(contents().state(cell));
      if (due.evaluated() == times().firstTime() && due.deadline() == deadline(cell)) {
        settledFirst = cell;
        settledAsOf = asOf;
        break;
      }
      postponed.put(cell, due.deadline());
      times().set(cell, due.evaluated());
      hasMoved = true;
    }
    tellIfFirstChanged();
    return hasMoved;
  }

  /** Undoes every {@link #postponeFirst}. */
  public void undoPostponing() {
    List<Integer> moved = List.copyOf(postponed.keySet());
    // Remove all first: the tie-breaker must not change while an item is in the queue.
    moved.forEach(times()::remove);
    postponed.clear();
    settledFirst = SlabPages.NONE;
    moved.forEach(cell -> times().set(cell, evaluated.applyAsLong(contents().state(cell))));
    tellIfFirstChanged();
  }

  @Override
  boolean hasLapsed(S state, long clock) {
    return false;
  }

  @Override
  int nextLapsed(long clock) {
    return SlabPages.NONE;
  }

  @Override
  void set(int cell, S state) {
    forgetPostponing(cell);
    setTime(cell, evaluated.applyAsLong(state));
    tellIfFirstChanged();
  }

  @Override
  void remove(int cell) {
    times().remove(cell);
    forgetPostponing(cell);
    tellIfFirstChanged();
  }

  @Override
  void renumber(int before, int cell) {
    forgetPostponing(before);
    super.renumber(before, cell);
  }

  @Override
  boolean isBefore(int cell, int other) {
    long first = deadline(cell);
    long second = deadline(other);
    return first != second
        ? first < second
        : PackedKey.compare(contents().reader(cell), contents().reader(other)) < 0;
  }

  @Override
  Previous restart(CellStore<S> next) {
    Previous previous = replaceStore(next, postponed);
    postponed = new HashMap<>(0);
    settledFirst = SlabPages.NONE;
    firstsTold = times().firsts();
    firstChanged.run();
    return previous;
  }

  @Override
  void carryOver(Previous previous, int before, int cell) {
    Long later = previous.postponed().get(before);
    if (later != null) {
      postponed.put(cell, later);
    }
    super.carryOver(previous, before, cell);
    tellIfFirstChanged();
  }

  private long deadline(int cell) {
    Long later = postponed.isEmpty() ? null : postponed.get(cell);
    return later == null ? deadline.applyAsLong(contents().state(cell)) : later;
  }

  /** The state of a cell has changed, and with it when it is due. */
  private void forgetPostponing(int cell) {
    if (!postponed.isEmpty()) {
      postponed.remove(cell);
    }
    if (cell == settledFirst) {
      settledFirst = SlabPages.NONE;
    }
  }

  private void tellIfFirstChanged() {
    if (times().firsts() != firstsTold) {
      firstsTold = times().firsts();
      firstChanged.run();
    }
  }
}
