package dev.tocsin.benchmarks.windows;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import dev.tocsin.benchmarks.windows.KeyedSide.Firings;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * How many bytes of heap a key takes that has taken in one event: used before and after, each after
 * collections. The events are dropped, so each side holds what it keeps of them. Every key of an
 * absence then fires, and all sides must fire the same. Argument: {@code [--quick]}.
 */
public final class KeyedHeap {

  private static final int KEYS = 1_000_000;
  private static final int QUICK_KEYS = 100_000;
  private static final int COLLECTIONS = 3;
  private static final Duration LONG = Duration.ofHours(1);

  private final int keys;
  private final int rounds;

  private KeyedHeap(int keys, int rounds) {
    this.keys = keys;
    this.rounds = rounds;
  }

  /** Measures and prints a table. */
  public static void main(String[] args) {
    boolean quick = args.length > 0 && args[0].equals("--quick");
    KeyedHeap heap = new KeyedHeap(quick ? QUICK_KEYS : KEYS, quick ? 1 : 2);
    List<Comparison> comparisons = new ArrayList<>();
    for (KeyedWork work : KeyedWork.values()) {
      comparisons.add(heap.measure(work));
    }
    System.out.print(Comparison.table("bytes of heap a key", comparisons));
  }

  /** A side that is measured, how often it was, and what it fired. */
  private record Sample(
      String name, Function<Firings, KeyedSide> make, List<Double> bytes, FiringDigest firings) {

    Sample(String name, Function<Firings, KeyedSide> make) {
      this(name, make, new ArrayList<>(), new FiringDigest());
    }
  }

  private Comparison measure(KeyedWork work) {
    List<Sample> samples = samples(work);
    for (int round = 0; round < rounds; round++) {
      for (Sample sample : samples) {
        sample.bytes().add(bytes(sample.make().apply(sample.firings())));
      }
    }
    if (work == KeyedWork.ABSENCE) {
      FiringDigest firings = samples.getFirst().firings();
      firings.requireCount((long) keys * rounds);
      samples.forEach(sample -> firings.requireSame(sample.firings(), sample.name()));
    }
    return new Comparison(
        "%s, %,d keys with one event".formatted(work.title(), keys),
        samples.stream().map(sample -> new Side(sample.name(), sample.bytes())).toList());
  }

  private static List<Sample> samples(KeyedWork work) {
    RuntimeSettings usual = RuntimeSettings.DEFAULT;
    RuntimeSettings unfollowed =
        new RuntimeSettings(usual.lapse(), usual.maxCausalDepth(), Duration.ZERO, Duration.ZERO, 0);
    return List.of(
        new Sample("HashMap and PriorityQueue", work::obvious),
        new Sample("runtime", firings -> work.runtime(unfollowed, firings)),
        new Sample("runtime, and the ids of `follows`", firings -> work.runtime(usual, firings)));
  }

  private double bytes(KeyedSide side) {
    long before = used();
    SplittableRandom random = new SplittableRandom(1);
    Instant last = KeyedWork.START;
    for (int key = 0; key < keys; key++) {
      Event event = KeyedWork.first(key, key, random);
      last = event.received();
      side.offer(event);
    }
    long after = used();
    // Also what keeps the side alive until here.
    side.advanceTo(last.plus(LONG));
    return (double) (after - before) / keys;
  }

  private static long used() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
