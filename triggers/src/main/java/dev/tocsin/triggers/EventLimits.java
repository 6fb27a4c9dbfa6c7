package dev.tocsin.triggers;

import java.time.Duration;

/**
 * Bounds of an event that arrives over the network.
 *
 * @param maxLabels maximum number of labels of a resource
 * @param maxRelated maximum number of related resources
 * @param maxBytes maximum size of the event as JSON, in bytes
 * @param maxFuture how far {@code occurred} may be ahead of receipt
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
