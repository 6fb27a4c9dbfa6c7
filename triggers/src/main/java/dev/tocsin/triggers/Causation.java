package dev.tocsin.triggers;

/**
 * How an event came about, as the engine knows it: what came from outside has none; what the engine
 * emits because of a firing is one step deeper than that firing's cause.
 *
 * @param depth steps from an event that came from outside; 1 or more
 * @param origin id of the event, or of the firing of an absence, at which the chain began
 */
public record Causation(int depth, String origin) {

  /** Refuses a depth below 1. */
  public Causation {
    if (depth < 1) {
      throw new IllegalArgumentException(
          "causal depth of a consequence is at least 1, not " + depth);
    }
  }
}
