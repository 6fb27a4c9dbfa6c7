package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One name not followed by another within a time: a map of the keys that wait and a queue by
 * deadline. What is followed stays in the queue until its deadline, since to search a queue is
 * slow.
 */
final class ObviousAbsence<K extends Comparable<K>> implements KeyedWindows<K> {

  private final String after;
  private final String expect;
  private final Duration within;
  private final Firings<K> firings;
  private final Map<K, Waiting<K>> waiting = new HashMap<>();
  private final PriorityQueue<Waiting<K>> byDeadline = new PriorityQueue<>();

  ObviousAbsence(String after, String expect, Duration within, Firings<K> firings) {
    this.after = after;
    this.expect = expect;
    this.within = within;
    this.firings = firings;
  }

  private static final class Waiting<K extends Comparable<K>> implements Comparable<Waiting<K>> {

    final K key;
    final Instant deadline;
    String last;
    boolean isFollowed;

    Waiting(K key, Instant deadline, String last) {
      this.key = key;
      this.deadline = deadline;
      this.last = last;
    }

    @Override
    public int compareTo(Waiting<K> other) {
      int order = deadline.compareTo(other.deadline);
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  @Override
  public void take(K key, Event event) {
    if (event.name().equals(after)) {
      open(key, event);
    } else if (event.name().equals(expect)) {
      Waiting<K> followed = waiting.remove(key);
      if (followed != null) {
        followed.isFollowed = true;
      }
    }
  }

  private void open(K key, Event event) {
    Waiting<K> open = waiting.get(key);
    if (open != null) {
      open.last = event.id();
      return;
    }
    Waiting<K> opened = new Waiting<>(key, event.occurred().plus(within), event.id());
    waiting.put(key, opened);
    byDeadline.add(opened);
  }

  @Override
  public void advanceTo(Instant now) {
    for (Waiting<K> first = byDeadline.peek();
        first != null && !first.deadline.isAfter(now);
        first = byDeadline.peek()) {
      byDeadline.remove();
      if (!first.isFollowed) {
        waiting.remove(first.key);
        firings.add(first.deadline, first.key, first.last);
      }
    }
  }
}
