package dev.tocsin.triggers;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Time as the machines count it: microseconds since the epoch, and microseconds of length. Digits
 * beyond the microsecond are cut off.
 */
public final class Micros {

  /** Later than any instant. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final long PER_SECOND = 1_000_000L;

  private Micros() {}

  /** An instant in microseconds since the epoch. */
  public static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1_000);
  }

  /** A duration in microseconds. */
  public static long of(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), PER_SECOND), duration.getNano() / 1_000);
  }

  /** The duration of so many microseconds. */
  public static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  /** The instant so many microseconds after the epoch. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1_000);
  }
}
