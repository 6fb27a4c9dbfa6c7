package dev.tocsin.wire;

import dev.tocsin.triggers.Event;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Instants in RFC 3339, always with an offset: {@code 2026-11-23T06:10:00.25Z}. The only parser of
 * instants in the product. Lower-case {@code t} and {@code z} are as good as capitals (section
 * 5.6), and so is a space for the {@code T}. Digits past the microsecond are cut. A leap second
 * ({@code 23:59:60} in UTC) is the second after it, as in POSIX time.
 */
public final class Rfc3339 {

  /** The form to show to someone who wrote another. */
  public static final String RULE = "a time is RFC 3339 with an offset, as in 2026-11-23T06:10:00Z";

  private static final int SECONDS_OF_DAY = 86_400;

  private final String text;
  private int at;
  private int offset;

  private Rfc3339(String text) {
    this.text = text;
  }

  /**
   * Reads an instant of the years 0000 to 9999.
   *
   * @throws DateTimeException with a message that says what is wrong, without the text itself
   */
  public static Instant parse(String text) {
    return new Rfc3339(text).instantInRange();
  }

  /**
   * As {@link #parse}, with the offset that was written.
   *
   * @throws DateTimeException also if the offset is more than 18 hours
   */
  public static OffsetDateTime parseWithOffset(String text) {
    Rfc3339 parser = new Rfc3339(text);
    return parser.instantInRange().atOffset(ZoneOffset.ofTotalSeconds(parser.offset));
  }

  private Instant instantInRange() {
    Instant instant = instant();
    if (instant.isBefore(Event.MIN_OCCURRED) || !instant.isBefore(Event.END_OF_TIME)) {
      throw new DateTimeException("in UTC it lies outside the years 0000 to 9999");
    }
    return instant;
  }

  private Instant instant() {
    long day = date();
    if (at >= text.length()) {
      throw new DateTimeException("date without a time");
    }
    char separator = text.charAt(at++);
    if (separator != 'T' && separator != 't' && separator != ' ') {
      throw new DateTimeException("a T must stand between date and time");
    }
    int hour = number(2, 0, 23, "hour");
    expect(':', "minute");
    int minute = number(2, 0, 59, "minute");
    expect(':', "second");
    int second = number(2, 0, 60, "second");
    int micros = fraction();
    offset = offset();
    long time = hour * 3_600L + minute * 60L + second - offset;
    if (second == 60 && Math.floorMod(time, SECONDS_OF_DAY) != 0) {
      throw new DateTimeException("second 60 is a leap second, and those are at 23:59:60 UTC only");
    }
    return Instant.ofEpochSecond(day * SECONDS_OF_DAY + time, micros * 1_000L);
  }

  private long date() {
    int digits = 0;
    while (digits < text.length() && isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits > 4 && digits < text.length() && text.charAt(digits) == '-') {
      throw new DateTimeException("a year has four digits, 0000 to 9999");
    }
    int year = number(4, 0, 9_999, "year");
    expect('-', "month");
    int month = number(2, 1, 12, "month");
    expect('-', "day");
    int day = number(2, 1, 31, "day");
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      throw new DateTimeException("that month has no day " + day, e);
    }
  }

  private int number(int digits, int min, int max, String what) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      if (at >= text.length() || !isDigit(text.charAt(at))) {
        throw new DateTimeException(
            what + " must have " + digits + " digits, at character " + (at + 1));
      }
      value = value * 10 + (text.charAt(at++) - '0');
    }
    if (value < min || value > max) {
      throw new DateTimeException(what + " must be " + min + " to " + max + ", not " + value);
    }
    return value;
  }

  private void expect(char separator, String next) {
    if (at >= text.length() || text.charAt(at) != separator) {
      throw new DateTimeException("'" + separator + "' must stand before the " + next);
    }
    at++;
  }

  private int fraction() {
    if (at >= text.length() || text.charAt(at) != '.') {
      return 0;
    }
    int start = ++at;
    int micros = 0;
    for (; at < text.length() && isDigit(text.charAt(at)); at++) {
      if (at - start < 6) {
        micros = micros * 10 + (text.charAt(at) - '0');
      }
    }
    if (at == start) {
      throw new DateTimeException("a fraction of a second needs a digit after its point");
    }
    for (int digits = at - start; digits < 6; digits++) {
      micros *= 10;
    }
    return micros;
  }

  /** The offset from UTC in seconds. */
  private int offset() {
    if (at >= text.length()) {
      throw new DateTimeException("no offset: Z or +hh:mm must end a time");
    }
    char sign = text.charAt(at++);
    int seconds = 0;
    if (sign == '+' || sign == '-') {
      int hours = number(2, 0, 23, "hour of the offset");
      expect(':', "minute of the offset");
      int minutes = number(2, 0, 59, "minute of the offset");
      seconds = (hours * 60 + minutes) * (sign == '+' ? 60 : -60);
    } else if (sign != 'Z' && sign != 'z') {
      throw new DateTimeException("no offset: Z or +hh:mm must follow, at character " + at);
    }
    if (at != text.length()) {
      throw new DateTimeException("more text after the offset, at character " + (at + 1));
    }
    return seconds;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
