package dev.tocsin.engine.cli;

import java.util.function.IntPredicate;

/**
 * Text of others as it may be printed on a terminal: without the characters that move the cursor,
 * change colours or titles (controls, C1 included), or change the order in which the rest is shown
 * (bidirectional overrides).
 */
final class PrintableText {

  private PrintableText() {}

  /** Whether a terminal acts on a character in place of showing it. */
  static boolean isActive(int c) {
    return Character.isISOControl(c)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x2028
        || c == 0x2029;
  }

  /**
   * One line: active characters become escapes such as {@code \\u001b}. JSON on one line keeps its
   * value, since only its strings can contain them.
   */
  static String line(String text) {
    return escaped(text, PrintableText::isActive);
  }

  /** The same, but tabs and line breaks stay. */
  static String lines(String text) {
    return escaped(text.replace("\r\n", "\n"), c -> c != '\n' && c != '\t' && isActive(c));
  }

  private static String escaped(String text, IntPredicate isEscaped) {
    if (text.codePoints().noneMatch(isEscaped)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isEscaped.test(c)) {
                escaped.append("\\u%04x".formatted(c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
