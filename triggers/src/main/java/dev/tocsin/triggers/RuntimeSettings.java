package dev.tocsin.triggers;

import java.time.Duration;

/**
 * Settings of the engine that decide what fires.
 *
 * @param lapse how long a state is kept past all that it can still influence, and past the last time
 *     that it took something in
 * @param maxCausalDepth deepest firing in a chain of the engine's own events, at least 1
 */
public record RuntimeSettings(Duration lapse, int maxCausalDepth) {

  /** The settings of the specification. */
  public static final RuntimeSettings DEFAULT = new RuntimeSettings(Duration.ofMinutes(15), 20);

  /** Refuses a negative lapse and a depth at which nothing fires. */
  public RuntimeSettings {
    if (lapse.isNegative() || lapse.compareTo(Trigger.MAX_DURATION) > 0) {
      throw new IllegalArgumentException(
          "lapse must be 0 to " + Trigger.MAX_DURATION.toDays() + " days, not " + lapse);
    }
    if (maxCausalDepth < 1) {
      throw new IllegalArgumentException("max_causal_depth must be at least 1, not " + maxCausalDepth);
    }
  }
}
