package dev.tocsin.benchmarks.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How long after its deadline each of some things happened. */
final class Delays {

  private final List<Double> millis = new ArrayList<>();

  void add(Instant deadline, Instant happened) {
    millis.add(Duration.between(deadline, happened).toNanos() / 1e6);
  }

  /** The head of a table of {@link #row}. */
  static String head(String title) {
    return String.format(Locale.ROOT, "%-60s %10s %10s %10s%n", title, "median", "min", "max");
  }

  /** One line: median, least and most, in milliseconds. */
  String row(String what) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return String.format(
        Locale.ROOT,
        "  %-58s %,10.1f %,10.1f %,10.1f%n",
        what,
        sorted.get(sorted.size() / 2),
        sorted.getFirst(),
        sorted.getLast());
  }
}
