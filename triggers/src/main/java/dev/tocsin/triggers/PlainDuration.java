package dev.tocsin.triggers;

import java.math.BigDecimal;
import java.time.Duration;

/** Lengths of time as people write them. */
public final class PlainDuration {

  private PlainDuration() {}

  /** In units, those that are zero left out: {@code 1h30m}, {@code 0.25s}, {@code 0s}. */
  public static String of(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toNanosPart(), 9)
            .add(BigDecimal.valueOf(duration.toSecondsPart()))
            .stripTrailingZeros();
    if (seconds.signum() != 0 || text.isEmpty()) {
      text.append(seconds.toPlainString()).append('s');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
