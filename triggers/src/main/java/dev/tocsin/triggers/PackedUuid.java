package dev.tocsin.triggers;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The canonical text of a UUID, lower-case hexadecimal digits in five groups (RFC 9562 section 4),
 * in sixteen bytes; eight characters at a time.
 */
final class PackedUuid {

  static final int BYTES = 16;

  private static final int CHARACTERS = 36;
  private static final long FIRST_FOUR = 0xffffffff00000000L;
  private static final long EACH = 0x0101010101010101L;
  private static final long LOW_HALVES = 0x0f * EACH;

  private PackedUuid() {}

  /** Writes a text into an array at a place, if it is the canonical text of a UUID. */
  static boolean pack(String text, byte[] into, int at) {
    if (text.length() != CHARACTERS) {
      return false;
    }
    // A code point that is not of this set becomes one question mark, which is no digit.
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    if (ascii.length != CHARACTERS) {
      return false;
    }
    if (ascii[8] != '-' || ascii[13] != '-' || ascii[18] != '-' || ascii[23] != '-') {
      return false;
    }
    long first = Octets.eight(ascii, 0);
    long second = fours(ascii, 9, 14);
    long third = fours(ascii, 19, 24);
    long fourth = Octets.eight(ascii, 28);
    if (!areDigits(first) || !areDigits(second) || !areDigits(third) || !areDigits(fourth)) {
      return false;
    }
    Octets.put(into, at, value(first) << 32 | value(second));
    Octets.put(into, at + Long.BYTES, value(third) << 32 | value(fourth));
    return true;
  }

  /** The text that was written. */
  static String text(long high, long low) {
    return new UUID(high, low).toString();
  }

  /** Four characters at one place, and four at another. */
  private static long fours(byte[] ascii, int at, int then) {
    return (Octets.eight(ascii, at) & FIRST_FOUR) | (Octets.eight(ascii, then - 4) & ~FIRST_FOUR);
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
