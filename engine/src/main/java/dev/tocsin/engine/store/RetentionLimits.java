package dev.tocsin.engine.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What retention keeps.
 *
 * @param age entries received longer ago are dropped; null for no limit
 * @param bytes the oldest entries are dropped while more are in use; {@link Long#MAX_VALUE} for no
 *     limit
 * @param patience how long an event may wait for another before it is evaluated
 */
public record RetentionLimits(@Nullable Duration age, long bytes, Duration patience) {

  /** Whether there is a limit at all. */
  public boolean hasLimit() {
    return age != null || bytes != Long.MAX_VALUE;
  }
}
