package dev.tocsin.engine.cli;

import dev.tocsin.engine.replay.FiringDifference;
import dev.tocsin.engine.replay.ProgressText;
import dev.tocsin.engine.replay.Tally;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints the results of a backtest for a person. */
final class BacktestTable {

  private static final int MAX_NAME = 50;

  /** FIRINGS and KEYS. */
  private static final Set<Integer> NUMBERS = Set.of(1, 4);

  private final PrintWriter out;
  private final Terminal terminal;

  BacktestTable(PrintWriter out, Terminal terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Prints a row for each automation. */
  void print(Collection<Tally> tallies) {
    TextTable table =
        new TextTable(terminal, NUMBERS, "AUTOMATION", "FIRINGS", "FIRST", "LAST", "KEYS", "NOTE");
    tallies.forEach(tally -> add(tally, table));
    table.print(out);
  }

  /** Prints a line for each firing that only one of two backtests has. */
  void print(List<FiringDifference.ChangedFiring> changes) {
    for (FiringDifference.ChangedFiring change : changes) {
      out.println((change.added() ? "+ " : "- ") + change.line());
    }
  }

  private static void add(Tally tally, TextTable table) {
    String name = tally.automation().name();
    String keys = tally.keys() == Tally.MOST_KEYS ? tally.keys() + "+" : "" + tally.keys();
    table.row(
        name.length() > MAX_NAME ? name.substring(0, MAX_NAME - 1) + "…" : name,
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
      return "disabled";
    }
    if (tally.triggered() > 0) {
      return tally.resolved() > 0 ? tally.resolved() + " resolved" : "";
    }
    List<String> outcomes = new ArrayList<>();
    tally.outcomes().forEach((outcome, count) -> outcomes.add(outcome + " " + count));
    if (outcomes.isEmpty()) {
      return "matches no event";
    }
    String best = ProgressText.of(tally.best());
    return (best.isEmpty() ? "" : "best " + best + "; ") + "events: " + String.join(", ", outcomes);
  }
}
