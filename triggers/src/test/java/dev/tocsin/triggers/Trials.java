package dev.tocsin.triggers;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Repeats a property over seeds. {@code -Dtocsin.trials=100} runs a hundred times as many, {@code
 * -Dtocsin.seed=N} the one that failed.
 */
public final class Trials {

  private Trials() {}

  public static void run(int count, Consumer<Random> property) {
    Long only = Long.getLong("tocsin.seed");
    if (only != null) {
      property.accept(random(only));
      return;
    }
    long trials = (long) count * Integer.getInteger("tocsin.trials", 1);
    for (long seed = 0; seed < trials; seed++) {
      try {
        property.accept(random(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("fails with -Dtocsin.seed=" + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** Mixes the seed: the first numbers that {@link Random} draws for adjacent ones are alike. */
  private static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }
}
