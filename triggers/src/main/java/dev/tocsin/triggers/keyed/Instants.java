package dev.tocsin.triggers.keyed;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Instants in microseconds, ascending, one a place. Immutable: the newest of several that share an
 * array appends to it, past the end of the others, so that counting n events in order takes n
 * steps, not n².
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

  /** The one at a place; the oldest is at 0. */
  long at(int place) {
    return shared.values[from + place];
  }

  /** Instants that ascend; the array is taken over. */
  static Instants of(long[] ascending) {
    return of(ascending, ascending.length);
  }

  /** The first so many of an array, which ascend; it is taken over, the rest is room for more. */
  static Instants of(long[] ascending, int count) {
    return new Instants(new Shared(ascending, count), 0, count);
  }

  /** With one more, in its place. */
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

  /** Without those at or before a bound. */
  public Instants laterThan(long bound) {
    int first = from;
    while (first < to && shared.values[first] <= bound) {
      first++;
    }
    return first == from ? this : new Instants(shared, first, to);
  }

  /** Without the oldest. */
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

  /** An array and how much of it is taken; what is taken never changes. */
  private static final class Shared {

    private final long[] values;
    private int taken;

    Shared(long[] values, int taken) {
      this.values = values;
      this.taken = taken;
    }

    /** Takes the place at an end, if nobody has and there is one. */
    boolean append(int end, long value) {
      if (end != taken || end == values.length) {
        return false;
      }
      values[taken++] = value;
      return true;
    }
  }
}
