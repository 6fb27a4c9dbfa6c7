package dev.tocsin.triggers;

import java.time.Duration;

/** Lengths of time as people write them. */
public final class PlainDuration {

  private static final long NANOS_A_SECOND = 1_000_000_000;

  private PlainDuration() {}

  /** In units, those that are zero left out: {@code 1h30m}, {@code 0.25s}, {@code 0s}. */
  public static String of(Duration duration) {
    if (duration.isNegative()) {
      return "-" + of(duration.negated());
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    String seconds = duration.toSecondsPart() + fraction(duration.toNanosPart());
    if (!seconds.equals("0") || text.isEmpty()) {
      text.append(seconds).append('s');
    }
    return text.toString();
  }

  private static String fraction(int nanos) {
    if (nanos == 0) {
      return "";
    }
    String digits = Long.toString(NANOS_A_SECOND + nanos).substring(1);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return "." + digits.substring(0, end);
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
