package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the writer thread does beside evaluation, in bounded steps: checkpoints, retention, and the
 * mark of being alive. For the writer thread alone.
 */
final class Upkeep {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /** A checkpoint that is older than this is renewed at rest, however few entries came since. */
  private static final Duration CHECKPOINT_AT_REST = Duration.ofMinutes(10);

  private final Store store;
  private final Evaluation evaluation;
  private final Checkpoints checkpoints;
  private final RetentionTurn retention;
  private final int checkpointEvery;
  private long entriesSinceCheckpoint;
  private Instant checkpointBegun = Instant.MIN;
  private Instant marked = Instant.MIN;
  private boolean canMark = true;

  /**
   * Nothing is due before {@link #started}.
   *
   * @param checkpointEvery entries of the journal after which a checkpoint is begun
   */
  Upkeep(
      Store store,
      Evaluation evaluation,
      Checkpoints checkpoints,
      RetentionTurn retention,
      int checkpointEvery) {
    this.store = store;
    this.evaluation = evaluation;
    this.checkpoints = checkpoints;
    this.retention = retention;
    this.checkpointEvery = checkpointEvery;
  }

  /** Saves the state after a start. Blocks, and fails if the store does. */
  void started(Instant now) {
    evaluation.save(checkpoints);
    checkpointBegun = now;
  }

  /** The part of a checkpoint that the next commit carries; the same until {@link #written}. */
  CheckpointSlice slice() {
    return checkpoints.slice();
  }

  /** The slice is durable. */
  void written() {
    checkpoints.written();
  }

  /** A step after a commit of this many entries, which all are durable. */
  void committed(int entries, Instant now) {
    entriesSinceCheckpoint += entries;
    if (entriesSinceCheckpoint >= checkpointEvery && !checkpoints.isUnderWay()) {
      beginCheckpoint(now);
    }
    retention.beside(entries, now);
    checkpointForRetention(now);
  }

  /**
   * A step while there is nothing else to do and everything is durable. May be retried if the store
   * fails.
   *
   * @param evaluatedUpTo all that was due until then is evaluated
   * @param isLast whether the intake is closed and empty
   * @return whether there is more to do at once
   */
  boolean rest(Instant evaluatedUpTo, Instant now, boolean isLast) {
    markAlive(evaluatedUpTo, isLast);
    if (!isLast) {
      checkpointAtRest(now);
    }
    if (checkpoints.isUnderWay()) {
      store.save(checkpoints.slice());
      checkpoints.written();
      return true;
    }
    if (isLast) {
      return false;
    }
    boolean hasMore = retention.idle(now);
    checkpointForRetention(now);
    return hasMore || checkpoints.isUnderWay();
  }

  /** The earlier of a deadline and the next step of retention; null is never. */
  @Nullable Instant nextTurn(@Nullable Instant deadline) {
    return retention.before(deadline);
  }

  /** Saves all trigger state before a stop; it must be durable. */
  void saveBeforeStop() {
    try {
      evaluation.save(checkpoints);
    } catch (StoreException failure) {
      LOG.warn("Checkpoint not saved; the next start takes longer: {}", failure.getMessage());
    }
  }

  /**
   * Also makes sure that the store is still that of its folder: a stop saves what it can anyway. If
   * the engine ends now, a restart counts as blind from this instant on.
   */
  private void markAlive(Instant evaluatedUpTo, boolean isLast) {
    Instant next = marked.plus(StallDetector.INTERVAL.dividedBy(2));
    if (evaluatedUpTo.isBefore(next) && !isLast) {
      return;
    }
    if (!isLast) {
      store.check();
    }
    try {
      store.markAlive(evaluation.alive(evaluatedUpTo, isLast));
      marked = evaluatedUpTo;
      canMark = true;
    } catch (StoreException failure) {
      if (canMark) {
        LOG.warn(
            "Cannot note that the engine is alive; a restart would count as blind since {}: {}",
            marked,
            failure.getMessage());
      }
      canMark = false;
    }
  }

  private void checkpointAtRest(Instant now) {
    boolean isTime = !now.isBefore(checkpointBegun.plus(CHECKPOINT_AT_REST));
    if (entriesSinceCheckpoint > 0 && isTime && !checkpoints.isUnderWay()) {
      evaluation.pass(now);
      beginCheckpoint(now);
    }
  }

  /**
   * Retention drops only what a checkpoint contains, however few or large the entries since are.
   */
  private void checkpointForRetention(Instant now) {
    if (!checkpoints.isUnderWay() && retention.pollAwaitingCheckpoint()) {
      beginCheckpoint(now);
    }
  }

  private void beginCheckpoint(Instant now) {
    entriesSinceCheckpoint = 0;
    checkpointBegun = now;
    evaluation.begin(checkpoints);
  }
}
