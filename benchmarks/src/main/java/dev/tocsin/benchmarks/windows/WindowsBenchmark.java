package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One trigger over 100,000 keys in event time: the runtime, the obvious code for that trigger, and
 * the same code for any trigger. Each fork measures one side and, when it is done, gives the same
 * events to another: all firings of both must be the same, in the same order.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
public class WindowsBenchmark {

  /** How many keys there are. */
  static final int KEYS = 100_000;

  /** How many events are measured at one time; they are made before. */
  static final int EVENTS = 20_000;

  /** What is measured. */
  @Param({"ABSENCE", "COUNT"})
  public String work = "ABSENCE";

  private KeyedWork measured = KeyedWork.ABSENCE;
  private KeyedStream stream = measured.stream(KEYS);
  private Event[] events = {};
  private long taken;
  private FiringDigest firings = new FiringDigest();
  private KeyedSide obvious = measured.obvious(firings);
  private KeyedSide obviousForAny = measured.obviousForAny(firings);
  private KeyedSide runtime = measured.runtime(RuntimeSettings.DEFAULT, firings);
  private boolean isRuntime;

  /** Begins with no key. */
  @Setup(Level.Trial)
  public void begin() {
    measured = KeyedWork.valueOf(work);
    stream = measured.stream(KEYS);
    firings = new FiringDigest();
    obvious = measured.obvious(firings);
    obviousForAny = measured.obviousForAny(firings);
    runtime = measured.runtime(RuntimeSettings.DEFAULT, firings);
  }

  /** Makes the next events; not measured. */
  @Setup(Level.Invocation)
  public void makeEvents() {
    events = stream.next(EVENTS);
    taken += EVENTS;
  }

  /** The obvious code. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public FiringDigest obvious() {
    for (Event event : events) {
      obvious.offer(event);
    }
    return firings;
  }

  /** The obvious code for any trigger. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public FiringDigest obviousForAny() {
    for (Event event : events) {
      obviousForAny.offer(event);
    }
    return firings;
  }

  /** The runtime. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public FiringDigest runtime() {
    isRuntime = true;
    for (Event event : events) {
      runtime.offer(event);
    }
    return firings;
  }

  /** Gives all events of this fork to another side. */
  @TearDown(Level.Trial)
  public void compareFirings() {
    FiringDigest others = new FiringDigest();
    KeyedSide other =
        isRuntime ? measured.obvious(others) : measured.runtime(RuntimeSettings.DEFAULT, others);
    KeyedStream again = measured.stream(KEYS);
    for (long i = 0; i < taken; i++) {
      other.offer(again.next());
    }
    firings.requireSame(others, measured.title());
  }
}
