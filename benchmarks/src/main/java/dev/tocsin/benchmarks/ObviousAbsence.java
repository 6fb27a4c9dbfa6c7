package dev.tocsin.benchmarks;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One name not followed by another within a time, written for this alone: a map of the keys that
 * wait and a queue by deadline. What is followed stays in the queue until its deadline, since to
 * search a queue is slow.
 */
final class ObviousAbsence implements KeyedSide {

  private final String after;
  private final String expect;
  private final String label;
  private final String value;
  private final Duration within;
  private final Firings firings;
  private final Map<String, Waiting> waiting = new HashMap<>();
  private final PriorityQueue<Waiting> byDeadline = new PriorityQueue<>();

  ObviousAbsence(
      String after, String expect, String label, String value, Duration within, Firings firings) {
    this.after = after;
    this.expect = expect;
    this.label = label;
    this.value = value;
    this.within = within;
    this.firings = firings;
  }

  private static final class Waiting implements Comparable<Waiting> {

    final String key;
    final Instant deadline;
    String last;
    boolean isFollowed;

    Waiting(String key, Instant deadline, String last) {
      this.key = key;
      this.deadline = deadline;
      this.last = last;
    }

    @Override
    public int compareTo(Waiting other) {
      int order = deadline.compareTo(other.deadline);
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  @Override
  public void offer(Event event) {
    advanceTo(event.received());
    Labels labels = event.resource().labels();
    String key = labels.get(Resource.ID);
    if (key == null || !value.equals(labels.get(label))) {
      return;
    }
    if (event.name().equals(after)) {
      open(key, event);
    } else if (event.name().equals(expect)) {
      Waiting followed = waiting.remove(key);
      if (followed != null) {
        followed.isFollowed = true;
      }
    }
  }

  private void open(String key, Event event) {
    Waiting open = waiting.get(key);
    if (open != null) {
      open.last = event.id();
      return;
    }
    Waiting opened = new Waiting(key, event.occurred().plus(within), event.id());
    waiting.put(key, opened);
    byDeadline.add(opened);
  }

  @Override
  public void advanceTo(Instant now) {
    for (Waiting first = byDeadline.peek();
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
