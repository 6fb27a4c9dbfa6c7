package dev.tocsin.triggers;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All deadlines of a runtime, in the order in which they are evaluated (semantics section 3). The
 * next one is at hand; adding and removing one of n takes log n steps.
 */
final class Deadlines {

  private final TreeSet<Due> inOrder = new TreeSet<>();
  private @Nullable Due first;

  /**
   * Something that is due.
   *
   * @param evaluated when the engine clock must stand there or later
   * @param deadline its own time
   * @param position of the trigger, as declared
   */
  record Due(long evaluated, long deadline, int position, BucketingKey key)
      implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int order = Long.compare(evaluated, other.evaluated);
      order = order != 0 ? order : Long.compare(deadline, other.deadline);
      order = order != 0 ? order : Integer.compare(position, other.position);
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  void add(Due due) {
    inOrder.add(due);
    if (first == null || due.compareTo(first) < 0) {
      first = due;
    }
  }

  void remove(Due due) {
    inOrder.remove(due);
    if (due.equals(first)) {
      first = inOrder.isEmpty() ? null : inOrder.first();
    }
  }

  /** The next one, if there is any. */
  @Nullable Due first() {
    return first;
  }
}
