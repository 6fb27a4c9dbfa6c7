package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.DeadlineQueue;
import dev.tocsin.triggers.keyed.DueSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * All deadlines of a runtime in the order in which they are evaluated: by time of evaluation, then
 * by deadline, then by position of the trigger, then by key. The schedule of each trigger orders
 * its own keys, so this orders the triggers by their first one.
 */
final class Deadlines {

  private final List<ProactiveNode> nodes = new ArrayList<>();
  private final DeadlineQueue order = new DeadlineQueue(new ByFirstDeadline());

  /** Adds a trigger without deadlines, from now on kept up to date by its schedule. */
  void add(ProactiveNode node) {
    int number = nodes.size();
    nodes.add(node);
    DueSchedule<?> schedule = node.schedule();
    schedule.onFirstChanged(() -> update(number, schedule.next()));
  }

  private void update(int number, long due) {
    if (due == Micros.NEVER) {
      order.remove(number);
    } else {
      order.set(number, due);
    }
  }

  /** When the next deadline is evaluated, or {@link Micros#NEVER}. */
  long next() {
    return order.isEmpty() ? Micros.NEVER : order.firstTime();
  }

  /** The trigger whose deadline is the next one; there must be one. */
  ProactiveNode nextNode() {
    return nodes.get(order.first());
  }

  private final class ByFirstDeadline extends DeadlineQueue.Numbered {

    @Override
    public boolean isBefore(int number, int other) {
      long deadline = nodes.get(number).schedule().nextDeadline();
      long otherDeadline = nodes.get(other).schedule().nextDeadline();
      return deadline != otherDeadline ? deadline < otherDeadline : number < other;
    }
  }
}
