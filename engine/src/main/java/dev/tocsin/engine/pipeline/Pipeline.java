package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The way of every event: intake, evaluation, commit, outlets, and back in as feedback. One writer
 * thread evaluates and commits; while it waits for the disk, the next batch gathers in the intake.
 */
final class Pipeline {

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final IntakeQueue intake;
  private final Evaluation evaluation;
  private final Store store;
  private final Dispatcher dispatcher;
  private final Metrics metrics;
  private final Scheduler writer;
  private final int maxBatch;
  private final int checkpointEvery;
  private final AtomicBoolean healthy = new AtomicBoolean(true);

  /* Owned by the writer thread. */
  private boolean feedbackWaits = true;
  private long entriesSinceCheckpoint;

  Pipeline(
      IntakeQueue intake,
      Evaluation evaluation,
      Store store,
      Dispatcher dispatcher,
      Metrics metrics,
      Scheduler writer,
      int maxBatch,
      int checkpointEvery) {
    this.intake = intake;
    this.evaluation = evaluation;
    this.store = store;
    this.dispatcher = dispatcher;
    this.metrics = metrics;
    this.writer = writer;
    this.maxBatch = maxBatch;
    this.checkpointEvery = checkpointEvery;
  }

  /**
   * The chain itself; runs until it is cancelled, fails only where the engine itself is at fault.
   */
  Flux<Evaluated> chain() {
    return intake
        .wakes()
        .checkpoint("intake")
        .publishOn(writer, 1)
        .concatMap(_ -> batches(), 0)
        .map(evaluation::evaluate)
        .checkpoint("evaluation")
        .concatMap(this::commit, 0)
        .checkpoint("commit")
        .doOnNext(this::release)
        .checkpoint("outlets");
  }

  /** Whether the last commit succeeded: all that was evaluated is durable. */
  boolean isHealthy() {
    return healthy.get();
  }

  /** Batches as long as there is something to do. */
  private Flux<Batch> batches() {
    return Flux.generate(
        sink -> {
          Batch batch = nextBatch();
          if (batch.isEmpty()) {
            sink.complete();
          } else {
            sink.next(batch);
          }
        });
  }

  private Batch nextBatch() {
    List<Store.FeedbackEvent> feedback = feedbackWaits ? store.feedback(0, maxBatch) : List.of();
    feedbackWaits = feedback.size() == maxBatch;
    return new Batch(intake.take(maxBatch), feedback);
  }

  /** Tries until it is durable: nothing is answered meanwhile, and nothing is lost. */
  private Mono<Evaluated> commit(Evaluated evaluated) {
    return Mono.fromCallable(
            () -> {
              metrics.committing(
                  evaluated.commit().entries().size(), () -> store.commit(evaluated.commit()));
              return evaluated;
            })
        .doOnError(this::reportFailure)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                .maxBackoff(LONGEST_RETRY)
                .filter(StoreException.class::isInstance)
                .scheduler(writer))
        .doOnNext(_ -> reportSuccess());
  }

  private void release(Evaluated evaluated) {
    evaluated.whenDurable().forEach(Runnable::run);
    feedbackWaits |= !evaluated.commit().feedback().isEmpty();
    dispatcher.call(evaluated.destinations());
    entriesSinceCheckpoint += evaluated.commit().entries().size();
    if (entriesSinceCheckpoint >= checkpointEvery) {
      saveCheckpoint();
    }
  }

  /**
   * Saves all trigger state, so that a restart has less to evaluate again. On the writer thread.
   */
  void saveCheckpoint() {
    store.save(evaluation.checkpoint());
    entriesSinceCheckpoint = 0;
  }

  private void reportFailure(Throwable failure) {
    if (healthy.compareAndSet(true, false)) {
      LOG.error("Cannot write to the store, trying on: {}", failure.getMessage());
    }
  }

  private void reportSuccess() {
    if (healthy.compareAndSet(false, true)) {
      LOG.info("The store takes writes again.");
    }
  }
}
