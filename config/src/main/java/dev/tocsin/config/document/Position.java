package dev.tocsin.config.document;

/**
 * A position in a text.
 *
 * @param line from 1; 0 for the whole text
 * @param column from 1, in code points; 0 for the whole text
 */
public record Position(int line, int column) {

  /** The whole text. */
  public static final Position WHOLE = new Position(0, 0);

  /** The position of the character at an index of a text. */
  static Position in(String text, int index) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < index; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Position(line, text.codePointCount(lineStart, index) + 1);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
