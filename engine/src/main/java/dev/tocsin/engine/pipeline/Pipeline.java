package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.delivery.Dispatcher;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.FeedbackEvent;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  /** After so long what little has come is saved too, once there is nothing else to do. */
  private static final Duration CHECKPOINT_AT_REST = Duration.ofMinutes(10);

  private final IntakeQueue intake;
  private final Evaluation evaluation;
  private final Store store;
  private final StoreAccess access;
  private final Dispatcher dispatcher;
  private final Metrics metrics;
  private final CommitEffects effects;
  private final Scheduler writer;
  private final Alarm alarm;
  private final RetentionTurn retention;
  private final StallDetector pulse;
  private final Duration startupGrace;
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
  private Instant checkpointBegan = Instant.MIN;
  private Instant evaluatedUpTo = Instant.MIN;
  private Instant marked = Instant.MIN;
  private boolean canMark = true;
  private @Nullable Instant failingSince;

  /* Owned by who starts it. */
  private @Nullable Instant graceUntil;

  Pipeline(
      IntakeQueue intake,
      Evaluation evaluation,
      Store store,
      Dispatcher dispatcher,
      Metrics metrics,
      Automations automations,
      WebhooksInForce webhooks,
      Scheduler writer,
      Alarm alarm,
      RetentionTurn retention,
      StallDetector pulse,
      Duration startupGrace,
      int maxBatch,
      Checkpoints checkpoints,
      int checkpointEvery) {
    this.intake = intake;
    this.evaluation = evaluation;
    this.store = store;
    this.access = new StoreAccess("commits", writer, this::commitsFail, this::commitsGoOn);
    this.dispatcher = dispatcher;
    this.metrics = metrics;
    this.effects = new CommitEffects(metrics, automations, webhooks);
    this.writer = writer;
    this.alarm = alarm;
    this.retention = retention;
    this.pulse = pulse;
    this.startupGrace = startupGrace;
    this.maxBatch = maxBatch;
    this.checkpoints = checkpoints;
    this.checkpointEvery = checkpointEvery;
  }

  /**
   * The chain itself; runs until it is cancelled, fails only where the engine itself is at fault.
   */
  Flux<PreparedCommit> chain() {
    return intake
        .wakes()
        .checkpoint("intake")
        .publishOn(writer, 1)
        .concatMap(_ -> Mono.defer(this::round).repeat(() -> hasMore), 0)
        .doOnSubscribe(
            _ -> {
              intake.beginToLook();
              pulse.start();
            })
        .doFinally(
            _ -> {
              pulse.dispose();
              alarm.dispose();
            });
  }

  /**
   * Evaluates what came due while nothing ran, with the automations that were in force then, puts
   * those of a declaration in force if they are others, and saves that. Before {@link #chain};
   * blocks, and fails if the store does.
   */
  void start(AutomationDeclaration declaration) {
    Instant now = evaluation.receipt(intake.clock());
    Instant lastSeen = evaluation.lastSeen();
    if (lastSeen != null) {
      Instant from = lastSeen.isBefore(now) ? lastSeen : now;
      Instant until = now.plus(startupGrace);
      graceUntil = until;
      evaluateDue(from);
      if (from.isBefore(until)) {
        Submission.Blind down = new Submission.Blind(from, until, BlindCause.DOWN);
        Batch batch = new Batch(List.of(down), List.of());
        commitNow(evaluation.evaluate(new CommitBuilder(), batch, Set.of(), now));
      }
    }
    evaluateDue(now);
    CommitBuilder started = new CommitBuilder();
    DeclarationLog.write(evaluation.activateNew(now, started), "this version");
    if (!evaluation.inForce().isAsDeclared(declaration.origin(), declaration.automations())) {
      DeclarationPlan plan = evaluation.declare(declaration, now, started);
      if (lastSeen != null) {
        DeclarationLog.write(plan, declaration.by());
      }
    }
    commitNow(started);
    evaluation.save(checkpoints);
    checkpointBegan = now;
  }

  private void evaluateDue(Instant now) {
    for (CommitBuilder due = evaluation.tick(now); !due.isEmpty(); due = evaluation.tick(now)) {
      commitNow(due);
    }
  }

  /** Own events may follow from an edit also where there is no entry. */
  private void commitNow(CommitBuilder work) {
    PreparedCommit evaluated = evaluation.complete(work);
    if (!evaluated.commit().isEmpty()) {
      store.commit(evaluated.commit());
    }
    effects.carryOut(evaluated.effects());
  }

  /** Senders reach it from now on: where that took long, they are given their time from here. */
  void listens() {
    Instant before = graceUntil;
    Instant now = intake.look();
    if (before != null && before.plus(StallDetector.EVERY).isBefore(now.plus(startupGrace))) {
      Instant from = before.isBefore(now) ? before : now;
      intake.couldNotSee(new Submission.Blind(from, now.plus(startupGrace), BlindCause.DOWN));
    }
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
  private Mono<PreparedCommit> round() {
    Instant now = evaluation.receipt(intake.clock());
    evaluatedUpTo = now;
    CommitBuilder due = evaluation.tick(now);
    isAllDurable = due.isEmpty();
    // All that is due comes before what waits, however many ticks it takes.
    Mono<Batch> batch = evaluation.isDue(now) ? Mono.just(Batch.EMPTY) : access.attempt(this::take);
    return batch.flatMap(next -> work(due, next, now));
  }

  /** Reads before it takes, so that it may be tried again. */
  private Batch take() {
    boolean isLast = intake.isClosed();
    List<FeedbackEvent> feedback = feedbackWaits ? store.feedback(0, MAX_FEEDBACK) : List.of();
    feedbackWaits = !feedback.isEmpty();
    Batch batch = new Batch(intake.take(maxBatch), feedback);
    isLastRound = isLast && batch.isEmpty();
    return batch;
  }

  private Mono<PreparedCommit> work(CommitBuilder due, Batch batch, Instant now) {
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

  private Mono<PreparedCommit> complete(CommitBuilder work) {
    return access
        .attempt(() -> evaluation.complete(work))
        .flatMap(this::commit)
        .checkpoint("commit")
        .doOnNext(this::release)
        .checkpoint("outlets");
  }

  /** Until something comes, or is due; what is left of a checkpoint is written meanwhile. */
  private Mono<PreparedCommit> rest() {
    isAllDurable = true;
    mark();
    alarm.set(evaluation.nextDeadline());
    beginCheckpointAtRest();
    hasMore = checkpoints.isUnderWay();
    if (hasMore) {
      return access.attempt(this::writeSlice).then(Mono.empty());
    }
    if (isLastRound) {
      // A deadline may still wake it once more before it is stopped.
      drained.tryEmitEmpty();
    } else {
      hasMore = retention.idle(intake.clock());
      checkpointForRetention();
      hasMore |= checkpoints.isUnderWay();
      alarm.set(retention.before(evaluation.nextDeadline()));
    }
    return Mono.empty();
  }

  /** All that came is durable, and all that was due: a restart is blind from here on. */
  private void mark() {
    Instant next = marked.plus(StallDetector.EVERY.dividedBy(2));
    if (evaluatedUpTo.isBefore(next) && !isLastRound) {
      return;
    }
    try {
      store.markAlive(evaluation.alive(evaluatedUpTo));
      marked = evaluatedUpTo;
      canMark = true;
    } catch (StoreException failure) {
      if (canMark) {
        LOG.warn("A restart would count as blind from {} on: {}", marked, failure.getMessage());
      }
      canMark = false;
    }
  }

  private void commitsFail() {
    failingSince = intake.look();
  }

  private void commitsGoOn() {
    Instant since = failingSince;
    failingSince = null;
    if (since != null) {
      Instant until = intake.look().plus(IntakeQueue.SENDERS_RETURN);
      intake.couldNotSee(new Submission.Blind(since, until, BlindCause.NOT_READY));
    }
  }

  /** Tries until it is durable: nothing is answered meanwhile, and nothing is lost. */
  private Mono<PreparedCommit> commit(PreparedCommit evaluated) {
    Commit commit = evaluated.commit();
    return access.attempt(
        () -> {
          CheckpointSlice slice = checkpoints.slice();
          metrics.committing(commit.entries().size(), () -> store.commit(commit, slice));
          checkpoints.written();
          isAllDurable = true;
          return evaluated;
        });
  }

  private void release(PreparedCommit evaluated) {
    hasMore = true;
    // Before the answers: whoever has one may count on what it set off.
    alarm.set(evaluation.nextDeadline());
    effects.carryOut(evaluated.effects());
    feedbackWaits |= !evaluated.commit().feedback().isEmpty();
    dispatcher.call(evaluated.destinations());
    entriesSinceCheckpoint += evaluated.commit().entries().size();
    if (entriesSinceCheckpoint >= checkpointEvery && !checkpoints.isUnderWay()) {
      beginCheckpoint(intake.clock());
    }
    retention.beside(evaluated.commit().entries().size(), intake.clock());
    checkpointForRetention();
  }

  /** What is to go must be held by a checkpoint, however few or large the entries since are. */
  private void checkpointForRetention() {
    if (!checkpoints.isUnderWay() && retention.takeAwaitsCheckpoint()) {
      beginCheckpoint(intake.clock());
    }
  }

  private void beginCheckpointAtRest() {
    Instant now = evaluation.receipt(intake.clock());
    boolean isTime = !now.isBefore(checkpointBegan.plus(CHECKPOINT_AT_REST));
    if (entriesSinceCheckpoint > 0 && isTime && !isLastRound && !checkpoints.isUnderWay()) {
      evaluation.pass(now);
      beginCheckpoint(now);
    }
  }

  private void beginCheckpoint(Instant now) {
    entriesSinceCheckpoint = 0;
    checkpointBegan = now;
    evaluation.begin(checkpoints);
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
