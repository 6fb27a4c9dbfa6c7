package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.keyed.StateBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Bounds the state of all triggers together, in bytes. Beyond the bound, the trigger whose keys
 * take most evicts its least recently updated key, until a sixteenth of the bound is free; between
 * equals, the one declared first. So a trigger that is flooded loses its own keys and those of no
 * smaller one, and what is evicted follows from entries and bound alone.
 */
final class StateLimit {

  private final StateBudget budget;
  private final List<TriggerNode> nodes = new ArrayList<>();

  /** Without triggers. */
  StateLimit(StateBudget budget) {
    this.budget = budget;
  }

  /** Adds a trigger without state; the order is that of their declaration. */
  void add(TriggerNode node) {
    nodes.add(node);
    node.states().chargeTo(budget);
    node.limitBy(this);
  }

  /** Evicts until the bound holds. */
  void enforce(long clock, StepBuilder step) {
    if (budget.isExceeded()) {
      // What has lapsed counts until it is dropped, which may be earlier on another host.
      nodes.forEach(node -> node.states().dropLapsed(clock, Integer.MAX_VALUE));
    }
    if (budget.isExceeded()) {
      evict(step);
    }
  }

  private void evict(StepBuilder step) {
    PriorityQueue<Holder> largest = new PriorityQueue<>(Holder.ORDER);
    for (int position = 0; position < nodes.size(); position++) {
      add(new Holder(nodes.get(position), position), largest);
    }
    for (Holder next = largest.poll();
        next != null && budget.surplus() > 0;
        next = largest.poll()) {
      BucketingKey evicted = next.node.states().evictOldest();
      if (evicted != null) {
        next.node.report(evicted, step);
      }
      add(next, largest);
    }
  }

  private static void add(Holder holder, PriorityQueue<Holder> largest) {
    holder.bytes = holder.node.states().bytes();
    if (holder.bytes > 0) {
      largest.add(holder);
    }
  }

  /** A trigger and the bytes of its keys while it is in the queue. */
  private static final class Holder {

    static final Comparator<Holder> ORDER =
        Comparator.<Holder>comparingLong(holder -> -holder.bytes)
            .thenComparingInt(holder -> holder.position);

    final TriggerNode node;
    final int position;
    long bytes;

    Holder(TriggerNode node, int position) {
      this.node = node;
      this.position = position;
    }
  }
}
