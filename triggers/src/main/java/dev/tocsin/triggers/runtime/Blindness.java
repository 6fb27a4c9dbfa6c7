package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Micros;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When the engine could not see (semantics section 9): intervals that neither overlap nor touch, at
 * most so many, the oldest are given up. Times are microseconds; an interval does not hold its end.
 */
final class Blindness {

  /** Most intervals that are remembered. */
  static final int MOST = 1_000;

  private final TreeMap<Long, Long> untilByFrom = new TreeMap<>();
  private long end = Long.MIN_VALUE;
  private int additions;

  /**
   * What of a window was blind.
   *
   * @param from where its first blind part begins
   * @param until where its last blind part ends
   * @param total how much of it was blind
   */
  record Part(long from, long until, long total) {}

  /**
   * Adds an interval; those that it overlaps or touches become one with it. Returns whether an old
   * one was given up for it.
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
    if (untilByFrom.size() <= MOST) {
      return false;
    }
    untilByFrom.pollFirstEntry();
    return true;
  }

  /** Whether anything was ever blind, as far as is known. */
  boolean isKnown() {
    return !untilByFrom.isEmpty();
  }

  /** How often an interval was added. */
  int additions() {
    return additions;
  }

  /** Whether nothing at or after an instant is blind, as far as is known. */
  boolean isOver(long instant) {
    return end <= instant;
  }

  /** The end of the interval that holds an instant, or the instant itself where none does. */
  long endAt(long instant) {
    if (isOver(instant)) {
      return instant;
    }
    Map.Entry<Long, Long> interval = untilByFrom.floorEntry(instant);
    return interval == null ? instant : Math.max(instant, interval.getValue());
  }

  /** The first instant at which so much has been seen since a start. */
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

  /** What was blind from a start up to an end, or null where nothing was. */
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

  /** Takes over what {@link #save} gave. */
  void load(List<Checkpoint.BlindRange> intervals) {
    intervals.forEach(each -> add(Micros.of(each.from()), Micros.of(each.until())));
  }
}
