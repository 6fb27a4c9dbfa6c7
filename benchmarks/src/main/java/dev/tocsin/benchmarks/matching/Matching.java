package dev.tocsin.benchmarks.matching;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import dev.tocsin.benchmarks.JmhRates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link MatchingBenchmark} and prints its table. Arguments: {@code LOG [--quick]}. */
public final class Matching {

  /**
   * The method of each side, and what it is called; the first is what the others are compared with.
   */
  private static final Map<String, String> SIDES = new LinkedHashMap<>();

  static {
    SIDES.put("linearScan", "linear scan");
    SIDES.put("index", "index");
    SIDES.put("runtime", "runtime: index, state, firings");
  }

  private Matching() {}

  /** Measures; JMH's own report goes into the log file. */
  public static void main(String[] args) throws RunnerException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(MatchingBenchmark.class.getName())
            .shouldFailOnError(true)
            .output(args[0])
            .forks(quick ? 1 : 2)
            .warmupIterations(quick ? 1 : 3)
            .measurementIterations(quick ? 3 : 5)
            .warmupTime(TimeValue.milliseconds(quick ? 300 : 1_000))
            .measurementTime(TimeValue.milliseconds(quick ? 300 : 1_000));
    System.out.print(Comparison.table(comparisons(new Runner(options.build()).run())));
  }

  private static List<Comparison> comparisons(Collection<RunResult> results) {
    Map<Integer, List<Side>> sides = new TreeMap<>();
    for (String method : SIDES.keySet()) {
      for (RunResult result : results) {
        if (result.getParams().getBenchmark().endsWith("." + method)) {
          int triggers = Integer.parseInt(result.getParams().getParam("triggers"));
          sides
              .computeIfAbsent(triggers, unseen -> new ArrayList<>())
              .add(new Side(SIDES.get(method), JmhRates.of(result)));
        }
      }
    }
    List<Comparison> comparisons = new ArrayList<>();
    sides.forEach(
        (triggers, measured) ->
            comparisons.add(
                new Comparison("matching, %,d triggers".formatted(triggers), measured)));
    return comparisons;
  }
}
