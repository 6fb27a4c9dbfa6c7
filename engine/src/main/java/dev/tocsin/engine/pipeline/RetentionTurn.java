package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.RetentionLimits;
import dev.tocsin.engine.store.RetentionStep;
import dev.tocsin.engine.store.RetentionStore;
import dev.tocsin.engine.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retention's turn on the writer thread, between two commits: a bounded step in proportion to what
 * came in, so that it keeps up with any load and never delays it for long. If nothing comes in, it
 * continues until it is done.
 */
final class RetentionTurn {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionTurn.class);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final int MIN_ROWS = 500;
  private static final int IDLE_ROWS = 2_000;

  private final RetentionStore store;
  private final RetentionLimits wanted;
  private final Metrics metrics;
  private final InstantSource proven;
  private Instant next = Instant.MIN;
  private boolean awaitsCheckpoint;
  private boolean isFailing;

  /**
   * Of this store.
   *
   * @param proven an instant that has been reached without doubt: entries age by it
   */
  RetentionTurn(
      RetentionStore store, RetentionLimits wanted, Metrics metrics, InstantSource proven) {
    this.store = store;
    this.wanted = wanted;
    this.metrics = metrics;
    this.proven = proven;
  }

  /** The earlier of an instant and the next check; null is never. */
  @Nullable Instant before(@Nullable Instant instant) {
    if (!wanted.hasLimit()) {
      return instant;
    }
    return instant == null || next.isBefore(instant) ? next : instant;
  }

  /** A step beside this many new entries: twice as many rows may be dropped. */
  void beside(int entries, Instant now) {
    var _ = step(Math.max(MIN_ROWS, 2 * entries), now);
  }

  /** A step while nothing comes in; returns whether there is more to do at once. */
  boolean idle(Instant now) {
    return step(IDLE_ROWS, now);
  }

  /** Whether it needs a checkpoint to continue; true once for each time. */
  boolean pollAwaitingCheckpoint() {
    boolean awaits = awaitsCheckpoint;
    awaitsCheckpoint = false;
    return awaits;
  }

  private boolean step(int rows, Instant now) {
    if (!wanted.hasLimit() || now.isBefore(next)) {
      return false;
    }
    try {
      RetentionStep dropped = store.drop(wanted, proven.instant(), rows);
      metrics.entriesDropped(dropped.entries());
      awaitsCheckpoint = dropped.awaitsCheckpoint();
      next = dropped.hasMore() ? now : now.plus(CHECK_INTERVAL);
      isFailing = false;
      return dropped.hasMore();
    } catch (StoreException failure) {
      if (!isFailing) {
        LOG.warn("Store unavailable: retention paused, retrying: {}", failure.getMessage());
      }
      isFailing = true;
      next = now.plus(AFTER_FAILURE);
      return false;
    }
  }
}
