package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an event that a key took in: enough to name it in a later firing.
 *
 * @param id its id
 * @param depth steps from an event that came from outside
 * @param origin id of the event at which its causal chain began
 */
record Covered(String id, int depth, String origin) {

  static Covered of(Event event) {
    return new Covered(event.id(), event.causalDepth(), event.origin());
  }

  /** The causation of a firing that an event set off, or that none did. */
  static Causation causing(@Nullable Covered event, String firing) {
    return event == null
        ? new Causation(1, firing)
        : new Causation(event.depth() + 1, event.origin());
  }
}
