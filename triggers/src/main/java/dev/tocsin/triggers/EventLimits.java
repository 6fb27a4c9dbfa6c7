package dev.tocsin.triggers;

import java.time.Duration;

/**
 * Bounds on an event that comes in over the network (semantics section 1).
 *
 * @param maxLabels most labels of one resource
 * @param maxRelated most related resources
 * @param maxBytes most bytes of the event as JSON
 * @param maxFuture how far {@code occurred} may lie ahead of receipt
 */
public record EventLimits(int maxLabels, int maxRelated, int maxBytes, Duration maxFuture) {

  /** The limits of the specification. */
  public static final EventLimits DEFAULT =
      new EventLimits(500, 100, 1_500_000, Duration.ofHours(1));

  /** Refuses limits that let no event in. */
  public EventLimits {
    if (maxLabels < 2 || maxRelated < 0 || maxBytes < 100 || maxFuture.isNegative()) {
      throw new IllegalArgumentException(
          "limits must allow 2 labels, 0 related resources, 100 bytes and no negative future");
    }
  }
}
