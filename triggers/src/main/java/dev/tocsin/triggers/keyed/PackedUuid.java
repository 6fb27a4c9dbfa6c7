package dev.tocsin.triggers.keyed;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text of a UUID, lower-case hexadecimal digits in five groups (RFC 9562 section 4),
 * as the number of 128 bits that it writes; eight characters at a time.
 */
final class PackedUuid {

  private static final int CHARACTERS = 36;
  private static final long FIRST_FOUR = 0xffffffff00000000L;
  private static final long EACH = 0x0101010101010101L;
  private static final long LOW_HALVES = 0x0f * EACH;

  private PackedUuid() {}

  /** The characters of a text, a byte each, if it is the canonical text of a UUID; else null. */
  static byte @Nullable [] digits(String text) {
    if (text.length() != CHARACTERS) {
      return null;
    }
    // A code point that is not of this set becomes one question mark, which is no digit.
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    if (ascii.length != CHARACTERS
        || ascii[8] != '-'
        || ascii[13] != '-'
        || ascii[18] != '-'
        || ascii[23] != '-') {
      return null;
    }
    return areDigits(first(ascii))
            && areDigits(second(ascii))
            && areDigits(third(ascii))
            && areDigits(fourth(ascii))
        ? ascii
        : null;
  }

  /** The first half of the number whose digits these are. */
  static long high(byte[] digits) {
    return value(first(digits)) << 32 | value(second(digits));
  }

  /** The second half. */
  static long low(byte[] digits) {
    return value(third(digits)) << 32 | value(fourth(digits));
  }

  /** The text of a UUID. */
  static String text(long high, long low) {
    return new UUID(high, low).toString();
  }

  private static long first(byte[] ascii) {
    return ByteViews.eight(ascii, 0);
  }

  private static long second(byte[] ascii) {
    return fours(ascii, 9, 14);
  }

  private static long third(byte[] ascii) {
    return fours(ascii, 19, 24);
  }

  private static long fourth(byte[] ascii) {
    return ByteViews.eight(ascii, 28);
  }

  /** Four characters at one place, and four at another. */
  private static long fours(byte[] ascii, int at, int then) {
    return (ByteViews.eight(ascii, at) & FIRST_FOUR)
        | (ByteViews.eight(ascii, then - 4) & ~FIRST_FOUR);
  }

  /** Whether each of eight characters is what its value is written as. */
  private static boolean areDigits(long eight) {
    long halves = halves(eight);
    long fromTen = (halves + 6 * EACH) >>> 4 & EACH;
    return (halves & ~LOW_HALVES) == 0
        && fromTen == letters(eight)
        && eight == halves + '0' * EACH + fromTen * ('a' - '0' - 10);
  }

  private static long value(long eight) {
    return Long.compress(halves(eight), LOW_HALVES);
  }

  /** The values of eight digits, a byte each. */
  private static long halves(long eight) {
    return (eight & LOW_HALVES) + 9 * letters(eight);
  }

  /** One in each byte that is a letter. */
  private static long letters(long eight) {
    return eight >>> 6 & EACH;
  }
}
