package dev.tocsin.triggers;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Instants in microseconds, ascending, one a place. Immutable. */
final class Instants {

  static final Instants NONE = new Instants(new long[0]);

  private final long[] ascending;

  private Instants(long[] ascending) {
    this.ascending = ascending;
  }

  boolean isEmpty() {
    return ascending.length == 0;
  }

  int size() {
    return ascending.length;
  }

  long oldest() {
    return ascending[0];
  }

  long newest() {
    return ascending[ascending.length - 1];
  }

  /** With one more, in its place. */
  Instants with(long instant) {
    int at = ascending.length;
    while (at > 0 && ascending[at - 1] > instant) {
      at--;
    }
    long[] more = Arrays.copyOf(ascending, ascending.length + 1);
    System.arraycopy(ascending, at, more, at + 1, ascending.length - at);
    more[at] = instant;
    return new Instants(more);
  }

  /** Without those at or before a bound. */
  Instants laterThan(long bound) {
    int from = 0;
    while (from < ascending.length && ascending[from] <= bound) {
      from++;
    }
    return from == 0 ? this : new Instants(Arrays.copyOfRange(ascending, from, ascending.length));
  }

  /** The instants as text that {@link #parse} reads. */
  String text() {
    return LongStream.of(ascending).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  static Instants parse(String text) {
    return text.isEmpty()
        ? NONE
        : new Instants(Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Instants that && Arrays.equals(ascending, that.ascending);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ascending);
  }

  @Override
  public String toString() {
    return text();
  }
}
