package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Micros;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The intervals in which the engine could not see events. They neither overlap nor touch; beyond
 * {@value #MAX} the oldest is dropped. Times are microseconds; the end of an interval is exclusive.
 */
final class Blindness {

  /** The maximum number of intervals. */
  static final int MAX = 1_000;

  private final TreeMap<Long, Long> untilByFrom = new TreeMap<>();
  private long end = Long.MIN_VALUE;
  private int additions;

  /**
   * The blind part of a window.
   *
   * @param from the start of its first blind interval
   * @param until the end of its last blind interval
   * @param total the blind time in it
   */
  record Part(long from, long until, long total) {}

  /**
   * Adds an interval, merged with those that it overlaps or touches. Returns whether the oldest was
   * dropped.
   */
  boolean add(long from, long until) {
    additions++;
    long first = from;
    long last = until;
    for (Map.Entry<Long, Long> before = untilByFrom.floorEntry(last);
        before != null && before.getValue() >= first;
        before = untilByFrom.floorEntry(last)) {
      first = Math.min(first, before.getKey());
      last = Math.max(last, before.getValue());
      untilByFrom.remove(before.getKey());
    }
    untilByFrom.put(first, last);
    end = Math.max(end, last);
    if (untilByFrom.size() <= MAX) {
      return false;
    }
    untilByFrom.pollFirstEntry();
    return true;
  }

  /**
   * The clock by which the intervals were recorded went back: whatever lies after its new time is
   * removed, except that an interval that contains its former time continues for as long as it had
   * left.
   */
  void setBack(long before, long now) {
    additions++;
    long left = endAt(before) - before;
    untilByFrom.tailMap(now).clear();
    untilByFrom.replaceAll((from, until) -> Math.min(until, now));
    end = untilByFrom.isEmpty() ? Long.MIN_VALUE : untilByFrom.lastEntry().getValue();
    if (left > 0) {
      add(now, now + left);
    }
  }

  /** Whether any blind interval is known. */
  boolean isKnown() {
    return !untilByFrom.isEmpty();
  }

  /** How often the intervals changed. */
  int additions() {
    return additions;
  }

  /** Whether no known interval ends after an instant. */
  boolean isOver(long instant) {
    return end <= instant;
  }

  /** The end of the interval that contains an instant, or the instant itself. */
  long endAt(long instant) {
    if (isOver(instant)) {
      return instant;
    }
    Map.Entry<Long, Long> interval = untilByFrom.floorEntry(instant);
    return interval == null ? instant : Math.max(instant, interval.getValue());
  }

  /** The first instant at which {@code length} was not blind since a start. */
  long seen(long length, long start) {
    if (isOver(start)) {
      return start + length;
    }
    long at = endAt(start);
    long left = length;
    for (Map.Entry<Long, Long> next = untilByFrom.ceilingEntry(at);
        next != null && next.getKey() - at < left;
        next = untilByFrom.ceilingEntry(at)) {
      left -= next.getKey() - at;
      at = next.getValue();
    }
    return at + left;
  }

  /** The blind part between two instants, or null. */
  @Nullable Part inside(long start, long end) {
    if (isOver(start)) {
      return null;
    }
    Long earliest = untilByFrom.floorKey(start);
    Part part = null;
    for (Map.Entry<Long, Long> each :
        untilByFrom.subMap(earliest == null ? start : earliest, Math.max(start, end)).entrySet()) {
      long from = Math.max(start, each.getKey());
      long until = Math.min(end, each.getValue());
      if (from < until) {
        long before = part == null ? 0 : part.total();
        part = new Part(part == null ? from : part.from(), until, before + until - from);
      }
    }
    return part;
  }

  /** All intervals, in order. */
  List<Checkpoint.BlindRange> save() {
    List<Checkpoint.BlindRange> intervals = new ArrayList<>(untilByFrom.size());
    untilByFrom.forEach(
        (from, until) ->
            intervals.add(new Checkpoint.BlindRange(Micros.instant(from), Micros.instant(until))));
    return intervals;
  }

  /** Adds the intervals that {@link #save} returned. */
  void load(List<Checkpoint.BlindRange> intervals) {
    intervals.forEach(each -> add(Micros.of(each.from()), Micros.of(each.until())));
  }
}
