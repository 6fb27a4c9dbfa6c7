package dev.tocsin.config.settings;

import dev.tocsin.triggers.EventLimits;
import java.time.Duration;

/** Settings of events on their way in; see {@link Setting}. */
public record IntakeSettings(
    int maxLabels,
    int maxRelated,
    int maxEventBytes,
    Duration maxFuture,
    int intakeCapacity,
    int maxBatch) {

  /** Bounds on an event over the network. */
  public EventLimits limits() {
    return new EventLimits(maxLabels, maxRelated, maxEventBytes, maxFuture);
  }
}
