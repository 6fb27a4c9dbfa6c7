package dev.tocsin.triggers;

import dev.tocsin.triggers.keyed.PackedKey;
import java.util.Random;
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

  /** Of neighbouring seeds: what {@link Random} draws first of these is nearly the same. */
  private static Random random(long seed) {
    return new Random(PackedKey.mixed(seed + 1));
  }
}
