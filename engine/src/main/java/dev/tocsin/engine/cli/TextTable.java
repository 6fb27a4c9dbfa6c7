package dev.tocsin.engine.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Rows in aligned columns under a header in capitals. On a terminal a row is as wide as the
 * terminal: the widest columns are cut, with an ellipsis.
 */
final class TextTable {

  private static final String GAP = "  ";
  private static final int MINIMUM_WIDTH = 8;

  private final Terminal terminal;
  private final Set<Integer> numbers;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param numbers the columns that are aligned to the right, from 0
   * @param header a name for each column
   */
  TextTable(Terminal terminal, Set<Integer> numbers, String... header) {
    this.terminal = terminal;
    this.numbers = numbers;
    rows.add(List.of(header));
  }

  /** Adds a row with a cell for each column. */
  void row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException("the table has " + rows.getFirst().size() + " columns");
    }
    rows.add(List.of(cells));
  }

  /** Prints the header and all rows. */
  void print(PrintWriter out) {
    int[] widths = widths();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        int gap = Math.max(0, widths[column] - length(cell));
        boolean isNumber = numbers.contains(column);
        line.append(isNumber ? " ".repeat(gap) + cell : fitted(cell, widths[column])).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  private int[] widths() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    int room = terminal.columns() - GAP.length() * (widths.length - 1);
    while (terminal.isInteractive() && Arrays.stream(widths).sum() > room) {
      int widest = widest(widths);
      if (widths[widest] <= MINIMUM_WIDTH) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static int widest(int[] widths) {
    int widest = 0;
    for (int column = 1; column < widths.length; column++) {
      widest = widths[column] > widths[widest] ? column : widest;
    }
    return widest;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** A text padded or cut to a number of columns; control characters are replaced. */
  static String fitted(String text, int width) {
    int[] points = text.codePoints().map(c -> PrintableText.isActive(c) ? '?' : c).toArray();
    return points.length > width
        ? new String(points, 0, width - 1) + "…"
        : new String(points, 0, points.length) + " ".repeat(width - points.length);
  }
}
