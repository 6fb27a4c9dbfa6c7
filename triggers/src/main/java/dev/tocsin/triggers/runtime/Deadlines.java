package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.keyed.DeadlineQueue;
import dev.tocsin.triggers.keyed.KeyedStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All deadlines of a runtime, in the order in which they are evaluated (semantics section 3): by
 * when that is, then their own time, then the position of the trigger, then key. Each trigger
 * orders its own, so here stand the triggers, each by its first.
 */
final class Deadlines {

  private final List<KeyedStates<?>> byNumber = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();

  /** Of each trigger what {@link KeyedStates#firsts} was when it was looked at last. */
  private int[] seen = {};

  private final DeadlineQueue order = new DeadlineQueue(new ByFirst());

  /**
   * Takes the states of a trigger in.
   *
   * @param position of the trigger, as declared; ascends
   * @return its number here
   */
  int add(KeyedStates<?> states, int position) {
    byNumber.add(states);
    positions.add(position);
    if (seen.length < byNumber.size()) {
      seen = Arrays.copyOf(seen, DeadlineQueue.grown(seen.length));
    }
    return byNumber.size() - 1;
  }

  /** Says that a trigger's first deadline may be another. */
  void changed(int number) {
    KeyedStates<?> states = byNumber.get(number);
    if (states.firsts() == seen[number]) {
      return;
    }
    seen[number] = states.firsts();
    long due = states.nextDue();
    if (due == KeyedStates.NEVER) {
      order.remove(number);
    } else {
      order.set(number, due);
    }
  }

  /** When the next one is evaluated, or {@link KeyedStates#NEVER}. */
  long next() {
    return order.isEmpty() ? KeyedStates.NEVER : order.firstTime();
  }

  /** The position of the trigger whose deadline is the next one; there must be one. */
  int nextPosition() {
    return positions.get(order.first());
  }

  /** Those that are due at once: by the deadline of the first. */
  private final class ByFirst extends DeadlineQueue.Numbered {

    @Override
    public boolean isBefore(int number, int other) {
      long deadline = byNumber.get(number).nextDeadline();
      long otherDeadline = byNumber.get(other).nextDeadline();
      return deadline != otherDeadline ? deadline < otherDeadline : number < other;
    }
  }
}
