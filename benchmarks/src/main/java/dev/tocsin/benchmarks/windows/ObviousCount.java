package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * So many of one name within a time: a map of the keys, each with its latest instants, and a queue
 * by when a key may be forgotten. A key that was seen again is put back into the queue when its
 * turn comes.
 */
final class ObviousCount<K> implements KeyedWindows<K> {

  private final String expect;
  private final int threshold;
  private final Duration within;
  private final Firings<K> firings;
  private final Map<K, Counted> counted = new HashMap<>();
  private final PriorityQueue<Expiry<K>> byExpiry = new PriorityQueue<>();

  ObviousCount(String expect, int threshold, Duration within, Firings<K> firings) {
    this.expect = expect;
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

  private record Expiry<K>(K key, Instant instant) implements Comparable<Expiry<K>> {
    @Override
    public int compareTo(Expiry<K> other) {
      return instant.compareTo(other.instant);
    }
  }

  @Override
  public void take(K key, Event event) {
    if (event.name().equals(expect)) {
      count(key, event);
    }
  }

  private void count(K key, Event event) {
    Counted state = counted.get(key);
    Instant occurred = event.occurred();
    if (state == null) {
      state = new Counted(threshold);
      counted.put(key, state);
      byExpiry.add(new Expiry<>(key, occurred.plus(within)));
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
    for (Expiry<K> first = byExpiry.peek();
        first != null && !first.instant.isAfter(now);
        first = byExpiry.peek()) {
      byExpiry.remove();
      Counted state = counted.get(first.key);
      if (state != null && state.expires.isAfter(now)) {
        byExpiry.add(new Expiry<>(first.key, state.expires));
      } else {
        counted.remove(first.key);
      }
    }
  }
}
