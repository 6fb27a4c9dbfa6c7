package dev.tocsin.engine.cli;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/** Writes events: a table as wide as the terminal, or a JSON object a line. */
final class EventPrinter {

  private static final int OCCURRED = 27;
  private static final int GAPS = 6;

  private final PrintWriter out;
  private final boolean isTable;
  private final int nameWidth;
  private final int resourceWidth;
  private final int idWidth;
  private boolean hasHeader;

  EventPrinter(PrintWriter out, Terminal terminal, boolean isTable) {
    this.out = out;
    this.isTable = isTable;
    int room = Math.max(24, terminal.columns() - OCCURRED - GAPS);
    this.idWidth = Math.min(36, room / 3);
    this.nameWidth = (room - idWidth) / 2;
    this.resourceWidth = room - idWidth - nameWidth;
  }

  void print(JsonNode event) {
    if (!isTable) {
      out.println(Client.MAPPER.writeValueAsString(event));
      out.flush();
      return;
    }
    if (!hasHeader) {
      row("OCCURRED", "EVENT", "RESOURCE", "ID");
      hasHeader = true;
    }
    row(
        event.path("occurred").asString(),
        event.path("event").asString(),
        event.path("resource").path("prefect.resource.id").asString(),
        event.path("id").asString());
    out.flush();
  }

  /** Whether nobody reads any more. */
  boolean isBroken() {
    return out.checkError();
  }

  private void row(String occurred, String name, String resource, String id) {
    String row =
        fitted(occurred, OCCURRED)
            + "  "
            + fitted(name, nameWidth)
            + "  "
            + fitted(resource, resourceWidth)
            + "  "
            + fitted(id, idWidth);
    out.println(row.stripTrailing());
  }

  /** A text in so many columns: filled up, or cut with an ellipsis; no control characters. */
  private static String fitted(String text, int width) {
    StringBuilder fitted = new StringBuilder();
    int[] points = text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).toArray();
    boolean isCut = points.length > width;
    for (int i = 0; i < (isCut ? width - 1 : points.length); i++) {
      fitted.appendCodePoint(points[i]);
    }
    return isCut
        ? fitted.append('…').toString()
        : fitted.append(" ".repeat(width - points.length)).toString();
  }
}
