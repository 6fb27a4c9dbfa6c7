package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.util.SplittableRandom;

/** First events of keys by chance, each key about twice in 100 seconds. */
final class ScatteredStream implements KeyedStream {

  private static final long KEY_EVERY = 50_000_000;

  private final int keys;
  private final long step;
  private final SplittableRandom random = new SplittableRandom(1);
  private long count;

  ScatteredStream(int keys) {
    this.keys = keys;
    this.step = Math.max(1, KEY_EVERY / keys);
  }

  @Override
  public Event next() {
    return KeyedWork.first(random.nextInt(keys), count++ * step, random);
  }
}
