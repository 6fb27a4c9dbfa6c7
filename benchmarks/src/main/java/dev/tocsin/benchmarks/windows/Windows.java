package dev.tocsin.benchmarks.windows;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import dev.tocsin.benchmarks.JmhRates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link WindowsBenchmark} and prints its table. Arguments: {@code LOG [--quick]}. */
public final class Windows {

  private Windows() {}

  /** Measures; JMH's own report goes into the log file. */
  public static void main(String[] args) throws RunnerException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(WindowsBenchmark.class.getName())
            .shouldFailOnError(true)
            .output(args[0])
            .jvmArgsAppend("-Xms1g", "-Xmx1g")
            .forks(quick ? 1 : 2)
            .warmupIterations(quick ? 1 : 4)
            .measurementIterations(quick ? 3 : 5)
            .warmupTime(TimeValue.milliseconds(quick ? 500 : 3_000))
            .measurementTime(TimeValue.milliseconds(quick ? 500 : 1_000));
    Collection<RunResult> results = new Runner(options.build()).run();
    List<Comparison> comparisons = new ArrayList<>();
    for (KeyedWork work : KeyedWork.values()) {
      comparisons.add(
          new Comparison(
              "%s, %,d keys".formatted(work.title(), WindowsBenchmark.KEYS),
              List.of(
                  side("HashMap and PriorityQueue, this trigger", work, "obvious", results),
                  side("HashMap and PriorityQueue, any trigger", work, "obviousForAny", results),
                  side("runtime", work, "runtime", results))));
    }
    System.out.print(Comparison.table(comparisons));
  }

  private static Side side(
      String name, KeyedWork work, String method, Collection<RunResult> results) {
    for (RunResult result : results) {
      if (result.getParams().getParam("work").equals(work.name())
          && result.getParams().getBenchmark().endsWith("." + method)) {
        return new Side(name, JmhRates.of(result));
      }
    }
    throw new IllegalStateException(name + " was not measured");
  }
}
