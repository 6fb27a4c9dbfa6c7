package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.PlainDuration;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;

/**
 * Settings of the engine that decide what fires.
 *
 * @param lapse how long a state is kept past all that it can still influence, and past the last
 *     time that it took something in
 * @param maxCausalDepth deepest firing in a chain of the engine's own events, at least 1
 * @param followsPatience how long an event waits for the one it follows; zero is not at all
 * @param followsMemory how long an event is known as evaluated
 * @param followsMost most events known as evaluated
 * @param tableSeed what places in hash tables depend on and nothing else does: a secret of the
 *     process, so that no sender can choose keys or ids that come to lie together
 */
public record RuntimeSettings(
    Duration lapse,
    int maxCausalDepth,
    Duration followsPatience,
    Duration followsMemory,
    int followsMost,
    long tableSeed) {

  /** How long an event waits for the one it follows, where nothing else is said. */
  public static final Duration DEFAULT_FOLLOWS_PATIENCE = Duration.ofSeconds(10);

  /** How long an event is known as evaluated, where nothing else is said. */
  public static final Duration DEFAULT_FOLLOWS_MEMORY = Duration.ofHours(1);

  /** Most events known as evaluated. */
  public static final int MAX_FOLLOWS_MOST = 1_000_000;

  /** The settings of the specification. */
  public static final RuntimeSettings DEFAULT = new RuntimeSettings(Duration.ofMinutes(15), 20);

  /** Refuses lengths and numbers outside their bounds. */
  public RuntimeSettings {
    requireLength("lapse", lapse);
    requireLength("follows_patience", followsPatience);
    requireLength("follows_memory", followsMemory);
    if (maxCausalDepth < 1) {
      throw new IllegalArgumentException(
          "max_causal_depth must be at least 1, not " + maxCausalDepth);
    }
    if (followsMost < 0 || followsMost > MAX_FOLLOWS_MOST) {
      throw new IllegalArgumentException(
          "follows_memory holds 0 to " + MAX_FOLLOWS_MOST + " events, not " + followsMost);
    }
  }

  /** With tables that need no secret. */
  public RuntimeSettings(
      Duration lapse,
      int maxCausalDepth,
      Duration followsPatience,
      Duration followsMemory,
      int followsMost) {
    this(lapse, maxCausalDepth, followsPatience, followsMemory, followsMost, 0);
  }

  /** The same with another {@link #tableSeed}. */
  public RuntimeSettings withTableSeed(long seed) {
    return new RuntimeSettings(
        lapse, maxCausalDepth, followsPatience, followsMemory, followsMost, seed);
  }

  /** With what the specification says of {@code follows}. */
  public RuntimeSettings(Duration lapse, int maxCausalDepth) {
    this(lapse, maxCausalDepth, DEFAULT_FOLLOWS_PATIENCE, DEFAULT_FOLLOWS_MEMORY, MAX_FOLLOWS_MOST);
  }

  private static void requireLength(String name, Duration length) {
    if (length.isNegative() || length.compareTo(Trigger.MAX_DURATION) > 0) {
      throw new IllegalArgumentException(
          "%s must be 0 to %,d days, not %s"
              .formatted(name, Trigger.MAX_DURATION.toDays(), PlainDuration.of(length)));
    }
  }
}
