package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.FeedbackEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The path of every event: intake, evaluation, commit, effects, and back in as feedback. One writer
 * thread evaluates and commits; while it waits for the disk, the next batch gathers in the intake.
 */
final class Pipeline {

  private final IntakeQueue intake;
  private final Evaluation evaluation;
  private final Committer committer;
  private final Upkeep upkeep;
  private final Outages outages;
  private final Alarm alarm;
  private final Scheduler writer;
  private final int maxBatch;
  private final Sinks.Empty<Void> drained = Sinks.empty();

  /** Whether trigger state stems from entries that are not durable. Owned by the writer thread. */
  private boolean isAhead;

  /** Found by {@link #start}. */
  private volatile LastRun.@Nullable LostEntries lost;

  /** Nothing runs before {@link #chain} is subscribed to. */
  Pipeline(
      IntakeQueue intake,
      Evaluation evaluation,
      Committer committer,
      Upkeep upkeep,
      Outages outages,
      Alarm alarm,
      Scheduler writer,
      int maxBatch) {
    this.intake = intake;
    this.evaluation = evaluation;
    this.committer = committer;
    this.upkeep = upkeep;
    this.outages = outages;
    this.alarm = alarm;
    this.writer = writer;
    this.maxBatch = maxBatch;
  }

  /**
   * The chain itself; runs until it is cancelled, and fails only if the engine itself is at fault.
   */
  Flux<Round> chain() {
    return intake
        .wakes()
        .checkpoint("intake")
        .publishOn(writer, 1)
        .concatMap(_ -> Mono.defer(this::round).expand(this::next), 0)
        .doOnSubscribe(_ -> outages.startStallDetection())
        .doFinally(
            _ -> {
              outages.stopStallDetection();
              alarm.dispose();
            });
  }

  /**
   * Evaluates what came due while nothing ran, with the automations that were in force then, puts
   * those of a declaration and its settings in force if they are others, and saves that. Before
   * {@link #chain}; blocks, and fails if the store does.
   *
   * @param settings those of this start
   */
  void start(AutomationDeclaration declaration, DecisionSettings settings, StartProgress progress) {
    Instant now = evaluation.receipt(intake.clock());
    LastRun before = evaluation.lastRun();
    if (before != null) {
      evaluateDue(earlier(before.alive().instant(), now), progress);
      List<Submission> left = outages.down(before.alive(), now);
      while (!left.isEmpty()) {
        Batch batch = new Batch(left, List.of(), false);
        CommitBuilder work = evaluation.evaluate(evaluation.begin(), batch, Set.of(), now);
        left = List.copyOf(work.rest);
        commitNow(work);
      }
      lost = before.lost();
    }
    evaluateDue(now, progress);
    CommitBuilder started = evaluation.begin();
    LastRun.LostEntries missing = lost;
    if (missing != null) {
      evaluation.report(missing, now, started);
    }
    DeclarationLog.write(evaluation.activateNew(now, started), "this version");
    if (!evaluation.inForce().isAsDeclared(declaration.origin(), declaration.automations())) {
      DeclarationPlan plan = evaluation.declare(declaration, now, started);
      if (before != null) {
        DeclarationLog.write(plan, declaration.by());
      }
    }
    evaluation.configure(settings, now, started);
    commitNow(started);
    upkeep.started(now);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private void evaluateDue(Instant now, StartProgress progress) {
    for (CommitBuilder due = evaluation.tick(now); !due.isEmpty(); due = evaluation.tick(now)) {
      commitNow(due);
      progress.report(
          () -> "evaluated what was due until " + evaluation.clock() + ", of what is until " + now);
    }
  }

  private void commitNow(CommitBuilder work) {
    committer.commitNow(evaluation.complete(work));
  }

  /** Senders are served from now on. */
  void serving() {
    outages.serving();
  }

  /** What an operator should know now. */
  Readiness readiness(boolean isRunning) {
    List<String> notes = new ArrayList<>();
    String failure = committer.failure();
    if (failure != null) {
      notes.add(failure);
    }
    LastRun.LostEntries missing = lost;
    if (missing != null) {
      notes.add(missing.sentence());
    }
    Duration ahead = intake.time().ahead();
    if (ahead.compareTo(SteadyClock.MIN_JUMP) >= 0) {
      notes.add("The engine's clock is " + ahead.toSeconds() + " s ahead of the host's clock");
    }
    return new Readiness(isRunning && failure == null, notes);
  }

  /** Completes when the intake is closed and all that it had admitted is durable. */
  Mono<Void> drained() {
    return drained.asMono();
  }

  /** Saves all trigger state before a stop if it is durable. On the writer thread. */
  void saveBeforeStop() {
    if (!isAhead) {
      upkeep.saveBeforeStop();
    }
  }

  /** What is due, then what waits, evaluated and made durable. */
  private Mono<Round> round() {
    intake.observe();
    intake.questions().answerAll(evaluation.live());
    Instant now = evaluation.receipt(intake.clock());
    CommitBuilder due = evaluation.tick(now);
    isAhead = !due.isEmpty();
    if (evaluation.isDue(now)) {
      // All that is due comes before what waits, however many ticks it takes.
      intake.refuseIfStarved();
      return evaluate(due, Batch.EMPTY, now);
    }
    return committer.attempt(this::take).flatMap(next -> evaluate(due, next, now));
  }

  /** Reads before it takes, so that it may be retried. */
  private Batch take() {
    boolean isClosed = intake.isClosed();
    List<FeedbackEvent> feedback = committer.feedback();
    return new Batch(intake.take(maxBatch), feedback, isClosed);
  }

  private Mono<Round> evaluate(CommitBuilder due, Batch batch, Instant now) {
    return committer
        .attempt(() -> evaluation.known(batch))
        .map(
            known -> {
              isAhead = true;
              CommitBuilder work = evaluation.evaluate(due, batch, known, now);
              intake.putBack(work.rest);
              return work;
            })
        .checkpoint("evaluation")
        .flatMap(work -> work.isEmpty() ? rest(now, batch.isLast()) : complete(work))
        .doOnError(failure -> batch.submissions().forEach(each -> each.fail(failure)));
  }

  private Mono<Round> complete(CommitBuilder work) {
    return committer
        .attempt(() -> evaluation.complete(work))
        .flatMap(prepared -> committer.attempt(() -> commit(prepared)))
        .checkpoint("commit")
        .map(this::release)
        .checkpoint("effects");
  }

  private PreparedCommit commit(PreparedCommit prepared) {
    committer.commit(prepared, upkeep.slice());
    upkeep.written();
    isAhead = false;
    return prepared;
  }

  private Round release(PreparedCommit committed) {
    // Before the answers: whoever has one may count on the deadlines that it set.
    alarm.set(evaluation.nextDeadline());
    committer.release(committed);
    upkeep.committed(committed.commit().entries().size(), intake.clock());
    return new Round.Again();
  }

  private Mono<Round> rest(Instant now, boolean isLast) {
    isAhead = false;
    return committer.attempt(
        () -> {
          if (upkeep.rest(now, evaluation.receipt(intake.clock()), isLast)) {
            return new Round.Again();
          }
          @Nullable Instant deadline = evaluation.nextDeadline();
          return isLast ? new Round.Drained(deadline) : new Round.Rest(upkeep.nextTurn(deadline));
        });
  }

  private Mono<Round> next(Round round) {
    return switch (round) {
      case Round.Again _ -> Mono.defer(this::round);
      case Round.Rest rest -> {
        alarm.set(rest.until());
        yield Mono.empty();
      }
      case Round.Drained last -> {
        alarm.set(last.until());
        drained.tryEmitEmpty();
        yield Mono.empty();
      }
    };
  }
}
