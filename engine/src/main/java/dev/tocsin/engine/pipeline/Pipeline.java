package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.triggers.Edit;
import java.time.Instant;
import java.util.List;
import java.util.stream.Gatherers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The way of every event: intake, evaluation, commit, outlets, and back in as feedback. One writer
 * thread evaluates and commits; while it waits for the disk, the next batch gathers in the intake.
 */
final class Pipeline {

  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** Most own events of a batch; the store gives fewer where they are large. */
  private static final int MAX_FEEDBACK = 500;

  private final IntakeQueue intake;
  private final Evaluation evaluation;
  private final Store store;
  private final StoreAccess access;
  private final Dispatcher dispatcher;
  private final Metrics metrics;
  private final Scheduler writer;
  private final Alarm alarm;
  private final int maxBatch;
  private final Checkpoints checkpoints;
  private final int checkpointEvery;
  private final Sinks.Empty<Void> drained = Sinks.empty();

  /* Owned by the writer thread. */
  private boolean hasMore;
  private boolean isLastRound;
  private boolean feedbackWaits = true;
  private boolean isAllDurable = true;
  private long entriesSinceCheckpoint;

  Pipeline(
      IntakeQueue intake,
      Evaluation evaluation,
      Store store,
      Dispatcher dispatcher,
      Metrics metrics,
      Scheduler writer,
      Alarm alarm,
      int maxBatch,
      Checkpoints checkpoints,
      int checkpointEvery) {
    this.intake = intake;
    this.evaluation = evaluation;
    this.store = store;
    this.access = new StoreAccess("commits", writer);
    this.dispatcher = dispatcher;
    this.metrics = metrics;
    this.writer = writer;
    this.alarm = alarm;
    this.maxBatch = maxBatch;
    this.checkpoints = checkpoints;
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
        .concatMap(_ -> Mono.defer(this::round).repeat(() -> hasMore), 0)
        .doFinally(_ -> alarm.dispose());
  }

  /**
   * Evaluates what came due while nothing ran, puts triggers in force that are new or changed, and
   * saves that. Before {@link #chain}; blocks, and fails where the store does.
   *
   * @return what became of the automations
   */
  Edit start() {
    Instant now = evaluation.receipt(intake.clock());
    for (Work due = evaluation.tick(now); !due.isEmpty(); due = evaluation.tick(now)) {
      commitNow(due);
    }
    Work activated = new Work();
    Edit edit = evaluation.activateNew(now, activated);
    commitNow(activated);
    // Before the checkpoint that makes it effective: after a kill between, all has the same ids.
    evaluation
        .tidings(edit, now)
        .gather(Gatherers.windowFixed(MAX_FEEDBACK))
        .forEach(events -> store.commit(Store.Commit.ofFeedback(events)));
    evaluation.save(checkpoints);
    return edit;
  }

  private void commitNow(Work work) {
    Evaluated evaluated = evaluation.complete(work);
    store.commit(evaluated.commit());
    evaluated.whenDurable().forEach(Runnable::run);
  }

  /** Whether what is evaluated becomes durable now. */
  boolean isHealthy() {
    return access.isWorking();
  }

  /** Completes when the intake is closed and all that it had admitted is durable. */
  Mono<Void> drained() {
    return drained.asMono();
  }

  /** What is due, then what waits, evaluated and made durable; nothing where there is nothing. */
  private Mono<Evaluated> round() {
    Instant now = evaluation.receipt(intake.clock());
    Work due = evaluation.tick(now);
    isAllDurable = due.isEmpty();
    // All that is due comes before what waits, however many ticks it takes.
    Mono<Batch> batch = evaluation.isDue(now) ? Mono.just(Batch.EMPTY) : access.attempt(this::take);
    return batch.flatMap(next -> work(due, next, now));
  }

  /** Reads before it takes, so that it may be tried again. */
  private Batch take() {
    boolean isLast = intake.isClosed();
    List<Store.FeedbackEvent> feedback =
        feedbackWaits ? store.feedback(0, MAX_FEEDBACK) : List.of();
    feedbackWaits = !feedback.isEmpty();
    Batch batch = new Batch(intake.take(maxBatch), feedback);
    isLastRound = isLast && batch.isEmpty();
    return batch;
  }

  private Mono<Evaluated> work(Work due, Batch batch, Instant now) {
    return access
        .attempt(() -> evaluation.known(batch))
        .map(
            known -> {
              isAllDurable = false;
              return evaluation.evaluate(due, batch, known, now);
            })
        .checkpoint("evaluation")
        .flatMap(work -> work.isEmpty() ? rest() : complete(work))
        .doOnError(failure -> batch.submissions().forEach(each -> each.fail(failure)));
  }

  private Mono<Evaluated> complete(Work work) {
    return access
        .attempt(() -> evaluation.complete(work))
        .flatMap(this::commit)
        .checkpoint("commit")
        .doOnNext(this::release)
        .checkpoint("outlets");
  }

  /** Until something comes, or is due; what is left of a checkpoint is written meanwhile. */
  private Mono<Evaluated> rest() {
    isAllDurable = true;
    alarm.set(evaluation.nextDeadline());
    hasMore = checkpoints.isUnderWay();
    if (hasMore) {
      return access.attempt(this::writeSlice).then(Mono.empty());
    }
    if (isLastRound) {
      drained.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }
    return Mono.empty();
  }

  /** Tries until it is durable: nothing is answered meanwhile, and nothing is lost. */
  private Mono<Evaluated> commit(Evaluated evaluated) {
    Store.Commit commit = evaluated.commit();
    return access.attempt(
        () -> {
          Store.CheckpointSlice slice = checkpoints.slice();
          metrics.committing(commit.entries().size(), () -> store.commit(commit, slice));
          checkpoints.written();
          isAllDurable = true;
          return evaluated;
        });
  }

  private void release(Evaluated evaluated) {
    hasMore = true;
    // Before the answers: whoever has one may count on what it set off.
    alarm.set(evaluation.nextDeadline());
    evaluated.whenDurable().forEach(Runnable::run);
    feedbackWaits |= !evaluated.commit().feedback().isEmpty();
    dispatcher.call(evaluated.destinations());
    entriesSinceCheckpoint += evaluated.commit().entries().size();
    if (entriesSinceCheckpoint >= checkpointEvery && !checkpoints.isUnderWay()) {
      entriesSinceCheckpoint = 0;
      evaluation.begin(checkpoints);
    }
  }

  private Boolean writeSlice() {
    store.save(checkpoints.slice());
    checkpoints.written();
    return true;
  }

  /**
   * Saves all trigger state before a stop; not while some of it stems from entries that are not
   * durable. On the writer thread.
   */
  void saveCheckpoint() {
    if (!isAllDurable) {
      return;
    }
    try {
      evaluation.save(checkpoints);
    } catch (StoreException failure) {
      LOG.warn("No checkpoint was saved, a restart takes longer: {}", failure.getMessage());
    }
  }
}
