package dev.tocsin.benchmarks;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * So many of one name within a time, written for this alone: a map of the keys, each with its
 * latest instants, and a queue by when a key may be forgotten. A key that was seen again is put
 * back into the queue when its turn comes.
 */
final class ObviousCount implements KeyedSide {

  private final String expect;
  private final String label;
  private final String value;
  private final int threshold;
  private final Duration within;
  private final Firings firings;
  private final Map<String, Counted> counted = new HashMap<>();
  private final PriorityQueue<Expiry> byExpiry = new PriorityQueue<>();

  ObviousCount(
      String expect, String label, String value, int threshold, Duration within, Firings firings) {
    this.expect = expect;
    this.label = label;
    this.value = value;
    this.threshold = threshold;
    this.within = within;
    this.firings = firings;
  }

  private static final class Counted {

    final ArrayDeque<Instant> instants;
    Instant quietUntil = Instant.MIN;
    Instant expires = Instant.MIN;

    Counted(int threshold) {
      instants = new ArrayDeque<>(threshold);
    }
  }

  private record Expiry(String key, Instant instant) implements Comparable<Expiry> {
    @Override
    public int compareTo(Expiry other) {
      return instant.compareTo(other.instant);
    }
  }

  @Override
  public void offer(Event event) {
    advanceTo(event.received());
    Labels labels = event.resource().labels();
    String key = labels.get(Resource.ID);
    if (key != null && event.name().equals(expect) && value.equals(labels.get(label))) {
      count(key, event);
    }
  }

  private void count(String key, Event event) {
    Counted state = counted.get(key);
    Instant occurred = event.occurred();
    if (state == null) {
      state = new Counted(threshold);
      counted.put(key, state);
      byExpiry.add(new Expiry(key, occurred.plus(within)));
    }
    if (occurred.isBefore(state.quietUntil)) {
      return;
    }
    state.expires = occurred.plus(within);
    Instant oldest = occurred.minus(within);
    while (!state.instants.isEmpty() && !state.instants.peekFirst().isAfter(oldest)) {
      state.instants.removeFirst();
    }
    state.instants.addLast(occurred);
    if (state.instants.size() == threshold) {
      state.quietUntil = state.instants.getFirst().plus(within);
      state.instants.clear();
      firings.add(occurred, key, event.id());
    }
  }

  @Override
  public void advanceTo(Instant now) {
    for (Expiry first = byExpiry.peek();
        first != null && !first.instant.isAfter(now);
        first = byExpiry.peek()) {
      byExpiry.remove();
      Counted state = counted.get(first.key);
      if (state != null && state.expires.isAfter(now)) {
        byExpiry.add(new Expiry(first.key, state.expires));
      } else {
        counted.remove(first.key);
      }
    }
  }
}
