package dev.tocsin.benchmarks;

import java.util.List;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured of one side. */
public final class JmhRates {

  private JmhRates() {}

  /** Operations a second, one a round, of all forks. */
  public static List<Double> of(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
  }
}
