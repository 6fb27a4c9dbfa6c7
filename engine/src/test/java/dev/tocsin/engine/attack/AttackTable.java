package dev.tocsin.engine.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The findings of a run, as a table with a row for each attack. */
final class AttackTable {

  private static final String ROW = "%-24s %5s %-12s %7s %9s %7s %7s %6s %s%n";

  private final List<Finding> findings = new ArrayList<>();

  /** Adds one, and prints it if something is wrong; whether all is well. */
  boolean add(Finding finding) {
    findings.add(finding);
    if (!finding.fault().isEmpty()) {
      System.out.println(sentence(finding));
    }
    return finding.fault().isEmpty();
  }

  /** What was wrong, each with the attack. */
  List<String> faults() {
    return findings.stream()
        .filter(finding -> !finding.fault().isEmpty())
        .map(AttackTable::sentence)
        .toList();
  }

  private static String sentence(Finding finding) {
    return "%s (%d MB): %s".formatted(finding.attack(), finding.megabytes(), finding.fault());
  }

  /** Lines of log that all attacks caused. */
  long lines() {
    return findings.stream().mapToLong(Finding::lines).sum();
  }

  @Override
  public String toString() {
    Map<String, List<Finding>> byAttack =
        findings.stream()
            .collect(Collectors.groupingBy(Finding::attack, TreeMap::new, Collectors.toList()));
    StringBuilder table =
        new StringBuilder(
            ROW.formatted(
                "ATTACK",
                "TIMES",
                "HEAPS MB",
                "TOOK s",
                "WELL IN s",
                "PROBE s",
                "POST s",
                "LINES",
                "RESULT"));
    byAttack.forEach((attack, rows) -> table.append(row(attack, rows)));
    return table.toString();
  }

  private static String row(String attack, List<Finding> rows) {
    long faults = rows.stream().filter(row -> !row.fault().isEmpty()).count();
    return ROW.formatted(
        attack,
        rows.size(),
        rows.stream()
            .map(row -> Integer.toString(row.megabytes()))
            .distinct()
            .sorted()
            .collect(Collectors.joining(",")),
        worst(rows, Finding::took),
        worst(rows, Finding::recovered),
        worst(rows, Finding::worstProbe),
        worst(rows, Finding::worstPost),
        rows.stream().mapToLong(Finding::lines).sum(),
        faults == 0 ? "held" : faults + " of " + rows.size() + " FAILED");
  }

  private static String worst(List<Finding> rows, Function<Finding, Duration> figure) {
    Duration worst = rows.stream().map(figure).max(Duration::compareTo).orElse(Duration.ZERO);
    return "%.1f".formatted(worst.toMillis() / 1_000.0);
  }
}
