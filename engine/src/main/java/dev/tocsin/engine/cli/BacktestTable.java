package dev.tocsin.engine.cli;

import dev.tocsin.engine.replay.FiringDifference;
import dev.tocsin.engine.replay.ProgressText;
import dev.tocsin.engine.replay.Tally;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what a backtest gave, for a person. */
final class BacktestTable {

  private static final int MOST_NAME = 50;

  private final PrintWriter out;

  BacktestTable(PrintWriter out) {
    this.out = out;
  }

  /** A row for each automation. */
  void print(Collection<Tally> tallies) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("AUTOMATION", "FIRINGS", "FIRST", "LAST", "KEYS", ""));
    tallies.forEach(tally -> rows.add(row(tally)));
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        boolean isNumber = column == 1 || column == 4;
        String gap = " ".repeat(widths[column] - row.get(column).length());
        line.append(isNumber ? gap + row.get(column) : row.get(column) + gap).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** A line for each firing that only one of two backtests has. */
  void print(List<FiringDifference.Change> changes) {
    for (FiringDifference.Change change : changes) {
      out.println((change.added() ? "+ " : "- ") + change.line());
    }
  }

  private static List<String> row(Tally tally) {
    String name = tally.automation().name();
    String keys = tally.keys() == Tally.MOST_KEYS ? tally.keys() + "+" : "" + tally.keys();
    return List.of(
        name.length() > MOST_NAME ? name.substring(0, MOST_NAME - 1) + "…" : name,
        Long.toString(tally.triggered()),
        text(tally.first()),
        text(tally.last()),
        keys,
        note(tally));
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? "-" : instant.toString();
  }

  private static String note(Tally tally) {
    if (!tally.automation().enabled()) {
      return "not enabled";
    }
    if (tally.triggered() > 0) {
      return tally.resolved() > 0 ? tally.resolved() + " resolved" : "";
    }
    List<String> outcomes = new ArrayList<>();
    tally.outcomes().forEach((outcome, count) -> outcomes.add(outcome + " " + count));
    if (outcomes.isEmpty()) {
      return "covers no event";
    }
    String best = ProgressText.of(tally.best());
    return (best.isEmpty() ? "" : "best " + best + "; ") + "events: " + String.join(", ", outcomes);
  }
}
