package dev.tocsin.config.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as people write them: seconds ({@code 30}, {@code 0.5}), units ({@code 30s}, {@code 1h30m},
 * {@code 2d}, {@code 250ms}), ISO 8601 ({@code PT5M}), and Prefect's {@code H:MM:SS}. Microseconds
 * are the finest; further digits are cut.
 */
public final class DurationText {

  /** For messages. */
  static final String EXAMPLES = "30s, 5m, 1h30m, 2d, PT5M or 0:05:00";

  private static final int MAX_LENGTH = 40;
  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(1_000_000_000_000L);
  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+)ms)?");
  private static final Pattern CLOCK = Pattern.compile("(\\d+):([0-5]\\d):([0-5]\\d(?:\\.\\d+)?)");

  private DurationText() {}

  /** Reads a duration, which may be negative; null if the text is invalid. */
  static @Nullable public Duration parse(String written) {
    String text = written.strip();
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return null;
    }
    BigDecimal number = NumberText.decimal(text);
    if (number != null) {
      return ofSeconds(number);
    }
    Matcher units = UNITS.matcher(text);
    if (units.matches()) {
      return ofSeconds(
          part(units.group(1), 86_400)
              .add(part(units.group(2), 3_600))
              .add(part(units.group(3), 60))
              .add(part(units.group(4), 1))
              .add(part(units.group(5), 1).movePointLeft(3)));
    }
    Matcher clock = CLOCK.matcher(text);
    if (clock.matches()) {
      return ofSeconds(
          part(clock.group(1), 3_600).add(part(clock.group(2), 60)).add(part(clock.group(3), 1)));
    }
    return iso(text);
  }

  private static BigDecimal part(@Nullable String digits, int seconds) {
    return digits == null
        ? BigDecimal.ZERO
        : new BigDecimal(digits).multiply(BigDecimal.valueOf(seconds));
  }

  private static @Nullable Duration ofSeconds(BigDecimal seconds) {
    if (seconds.abs().compareTo(MAX_SECONDS) > 0) {
      return null;
    }
    long micros = seconds.movePointRight(6).setScale(0, RoundingMode.DOWN).longValueExact();
    return Duration.ofSeconds(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  private static @Nullable Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
