package dev.tocsin.config.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as the core schema of YAML 1.2 writes them, within a length that costs nothing to read.
 */
final class NumberText {

  /** Maximum length of a number, in characters. */
  static final int MAX_LENGTH = 100;

  private static final int MAX_SCALE = 400;

  private NumberText() {}

  /** A whole number: decimal, {@code 0x} or {@code 0o}; null if it is none, or a very long one. */
  static @Nullable BigInteger integer(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    try {
      if (text.startsWith("0x")) {
        return new BigInteger(text.substring(2), 16);
      }
      if (text.startsWith("0o")) {
        return new BigInteger(text.substring(2), 8);
      }
      return new BigInteger(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A number with or without a fraction; null if it is none, very long, or beyond 10^±400. */
  static @Nullable BigDecimal decimal(String text) {
    BigInteger whole = integer(text);
    if (whole != null) {
      return new BigDecimal(whole);
    }
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > MAX_SCALE ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
