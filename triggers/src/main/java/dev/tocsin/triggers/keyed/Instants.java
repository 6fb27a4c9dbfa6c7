package dev.tocsin.triggers.keyed;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Instants in microseconds, ascending. Immutable. Lists derived from each other share an array: the
 * newest appends past the end of the others, so that counting n events in order takes O(n).
 */
public final class Instants {

  public static final Instants NONE = new Instants(new Shared(new long[0], 0), 0, 0);

  private final Shared shared;
  private final int from;
  private final int to;

  private Instants(Shared shared, int from, int to) {
    this.shared = shared;
    this.from = from;
    this.to = to;
  }

  public boolean isEmpty() {
    return from == to;
  }

  public int size() {
    return to - from;
  }

  public long oldest() {
    return shared.values[from];
  }

  public long newest() {
    return shared.values[to - 1];
  }

  /** The instant at an index; the oldest is at 0. */
  long at(int place) {
    return shared.values[from + place];
  }

  /** Ascending instants; takes ownership of the array. */
  static Instants of(long[] ascending) {
    return of(ascending, ascending.length);
  }

  /** The first {@code count} instants of an array, ascending; takes ownership of it. */
  static Instants of(long[] ascending, int count) {
    return new Instants(new Shared(ascending, count), 0, count);
  }

  /** These instants and another, in order. */
  public Instants with(long instant) {
    int at = to;
    while (at > from && shared.values[at - 1] > instant) {
      at--;
    }
    if (at == to && shared.append(to, instant)) {
      return new Instants(shared, from, to + 1);
    }
    long[] more = new long[size() + 1 + size() / 2];
    System.arraycopy(shared.values, from, more, 0, at - from);
    more[at - from] = instant;
    System.arraycopy(shared.values, at, more, at - from + 1, to - at);
    return new Instants(new Shared(more, size() + 1), 0, size() + 1);
  }

  /** The instants after a bound. */
  public Instants laterThan(long bound) {
    int first = from;
    while (first < to && shared.values[first] <= bound) {
      first++;
    }
    return first == from ? this : new Instants(shared, first, to);
  }

  /** These instants without the oldest. */
  public Instants withoutOldest() {
    return new Instants(shared, from + 1, to);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Instants that
        && Arrays.equals(shared.values, from, to, that.shared.values, that.from, that.to);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + Long.hashCode(shared.values[i]);
    }
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.stream(shared.values, from, to)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(","));
  }

  /** An array and the used part of it, which never changes. */
  private static final class Shared {

    private final long[] values;
    private int taken;

    Shared(long[] values, int taken) {
      this.values = values;
      this.taken = taken;
    }

    /** Appends at an end if that place is free; returns whether it did. */
    boolean append(int end, long value) {
      if (end != taken || end == values.length) {
        return false;
      }
      values[taken++] = value;
      return true;
    }
  }
}
