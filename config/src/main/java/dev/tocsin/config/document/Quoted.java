package dev.tocsin.config.document;

/** Shows a text of the user in a message: on one line, in quotes, cut if it is long. */
public final class Quoted {

  private static final int MAX_SHOWN = 60;

  private Quoted() {}

  /** The text in single quotes. */
  public static String of(String text) {
    return "'" + shortened(text) + "'";
  }

  /** The text without quotes. */
  static String shortened(String text) {
    StringBuilder shown = new StringBuilder();
    int count = 0;
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (count++ == MAX_SHOWN) {
        return shown.append("...").toString();
      }
      append(shown, text.codePointAt(at));
    }
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      default -> {
        if (Character.isISOControl(c)) {
          shown.append("\\u%04x".formatted(c));
        } else {
          shown.appendCodePoint(c);
        }
      }
    }
  }
}
