package dev.tocsin.engine.cli;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/** Prints events: a table as wide as the terminal, or one JSON object per line. */
final class EventPrinter {

  private static final int OCCURRED = 27;
  private static final int GAPS = 6;

  private final PrintWriter out;
  private final boolean isTable;
  private final int nameWidth;
  private final int resourceWidth;
  private final int idWidth;

  EventPrinter(PrintWriter out, Terminal terminal, boolean isTable) {
    this.out = out;
    this.isTable = isTable;
    int room = Math.max(24, terminal.columns() - OCCURRED - GAPS);
    this.idWidth = Math.min(36, room / 3);
    this.nameWidth = (room - idWidth) / 2;
    this.resourceWidth = room - idWidth - nameWidth;
    if (isTable) {
      row("OCCURRED", "EVENT", "RESOURCE", "ID");
    }
  }

  void print(JsonNode event) {
    if (!isTable) {
      out.println(PrintableText.line(Client.MAPPER.writeValueAsString(event)));
      out.flush();
      return;
    }
    row(
        event.path("occurred").asString(),
        event.path("event").asString(),
        event.path("resource").path("prefect.resource.id").asString(),
        event.path("id").asString());
    out.flush();
  }

  /** Whether the reader of the output has closed it. */
  boolean isBroken() {
    return out.checkError();
  }

  private void row(String occurred, String name, String resource, String id) {
    String row =
        TextTable.fitted(occurred, OCCURRED)
            + "  "
            + TextTable.fitted(name, nameWidth)
            + "  "
            + TextTable.fitted(resource, resourceWidth)
            + "  "
            + TextTable.fitted(id, idWidth);
    out.println(row.stripTrailing());
  }
}
