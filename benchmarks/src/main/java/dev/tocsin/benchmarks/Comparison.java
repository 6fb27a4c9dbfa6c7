package dev.tocsin.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What was measured several times on several sides.
 *
 * @param title what was measured
 * @param sides the first is the one that the others are compared with
 */
public record Comparison(String title, List<Side> sides) {

  /** Refuses a comparison of nothing. */
  public Comparison {
    sides = List.copyOf(sides);
    if (sides.isEmpty()) {
      throw new IllegalArgumentException(title + " has no side");
    }
  }

  /**
   * One side.
   *
   * @param rates events a second, or what else was measured, one a round; at least one
   */
  public record Side(String name, List<Double> rates) {

    /** Copies; refuses a side that was never measured. */
    public Side {
      rates = List.copyOf(rates);
      if (rates.isEmpty()) {
        throw new IllegalArgumentException(name + " was never measured");
      }
    }

    double median() {
      double[] sorted = sorted();
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
      return sorted()[0];
    }

    double most() {
      return sorted()[rates.size() - 1];
    }

    private double[] sorted() {
      double[] sorted = rates.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return sorted;
    }
  }

  /** All of them as one table, in events a second. */
  public static String table(List<Comparison> comparisons) {
    return table("events a second", comparisons);
  }

  /** All of them as one table, in this unit. */
  public static String table(String unit, List<Comparison> comparisons) {
    StringBuilder table = new StringBuilder();
    table.append("%-46s %14s %14s %14s %10s%n".formatted(unit, "median", "min", "max", "ratio"));
    for (Comparison comparison : comparisons) {
      table.append(comparison.title).append(System.lineSeparator());
      Side first = comparison.sides.getFirst();
      for (Side side : comparison.sides) {
        table.append(row(side, side.median() / first.median()));
      }
    }
    return table.toString();
  }

  private static String row(Side side, double ratio) {
    return String.format(
        Locale.ROOT,
        "  %-44s %,14.0f %,14.0f %,14.0f %,10.2f%n",
        side.name,
        side.median(),
        side.least(),
        side.most(),
        ratio);
  }
}
