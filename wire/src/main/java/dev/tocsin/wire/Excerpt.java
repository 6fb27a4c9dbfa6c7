package dev.tocsin.wire;

import dev.tocsin.triggers.CodePoints;

/** The beginning of a text, for a message. */
final class Excerpt {

  private Excerpt() {}

  /**
   * The text in a form that any writer can encode. One of more than {@link
   * Problem#MAX_VALUE_LENGTH} code points is cut and ends with an ellipsis.
   */
  static String of(String text) {
    int max = Problem.MAX_VALUE_LENGTH;
    boolean isShort = text.length() <= max || text.codePointCount(0, text.length()) <= max;
    String cut = isShort ? text : text.substring(0, text.offsetByCodePoints(0, max - 1)) + "…";
    return CodePoints.areSound(cut) ? cut : of(escaped(cut));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                escaped.append(String.format("\\u%04x", c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
