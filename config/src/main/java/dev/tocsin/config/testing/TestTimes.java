package dev.tocsin.config.testing;

import dev.tocsin.config.document.DurationText;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Value;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.Rfc3339;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The times of one test.
 *
 * @param start of the test, from which relative times count; null if it is invalid
 */
record TestTimes(@Nullable Instant start) {

  private static final String FORMS = "a time: an instant such as 2026-01-01T00:00:00Z";

  /** An instant with its offset (RFC 3339), or null and a report. */
  static @Nullable Instant absolute(Value value) {
    Instant instant = parsed(value);
    if (instant == null) {
      value.mustBe(FORMS);
    }
    return instant == null ? null : within(instant, value);
  }

  /** An instant, in full or relative to the start as {@code +90s}, or null and a report. */
  @Nullable Instant instant(Value value) {
    String text = value.node() instanceof Node.Scalar scalar ? scalar.text() : "";
    Instant instant = parsed(value);
    if (instant != null) {
      return within(instant, value);
    }
    Duration duration =
        text.startsWith("+") || text.startsWith("-") ? DurationText.parse(text.substring(1)) : null;
    if (duration == null || duration.isNegative()) {
      value.mustBe(FORMS + ", or relative to start, such as +90s or -5m");
      return null;
    }
    return start == null
        ? null
        : within(text.startsWith("-") ? start.minus(duration) : start.plus(duration), value);
  }

  private static @Nullable Instant parsed(Value value) {
    if (value.node() instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.TEXT) {
      try {
        return Rfc3339.parse(scalar.text());
      } catch (DateTimeException e) {
        return null;
      }
    }
    return null;
  }

  private static @Nullable Instant within(Instant instant, Value value) {
    if (instant.isBefore(Event.MIN_OCCURRED) || !instant.isBefore(Event.END_OF_TIME)) {
      value.error("must lie in the years 0000 to 9999, not at " + instant);
      return null;
    }
    return instant;
  }
}
