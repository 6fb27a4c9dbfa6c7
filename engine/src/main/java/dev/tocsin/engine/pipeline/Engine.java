package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.EngineClock;
import dev.tocsin.engine.delivery.Dispatcher;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.RetentionLimits;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreAccess;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A running engine: the chain from intake to webhook, over a store that its owner opens and closes.
 */
public final class Engine {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final int MIN_ACTION_THREADS = 4;
  private static final int MAX_ACTION_THREADS = 16;
  private static final int HEAP_OF_ACTION_THREAD = 32 << 20;
  private static final int SUBSCRIPTION_READERS = 2;
  private static final int WAITING_READS = 10_000;

  /**
   * The memory of trigger state: an eighth of the heap, in whole MiB. A checkpoint, a reload and a
   * recovery copy it, and its pages may be half empty, so that it takes up to five times as much.
   */
  private static final long MAX_STATE_BYTES =
      Math.max(1, (Runtime.getRuntime().maxMemory() / 8) >> 20) << 20;

  private static final Duration LAST_STEPS_TIMEOUT = Duration.ofSeconds(5);

  private final IntakeQueue intake;
  private final Pipeline pipeline;
  private final Dispatcher dispatcher;
  private final Outlet outlet;
  private final Scheduler writer;
  private final Scheduler actions;
  private final Scheduler subscriptions;
  private final Scheduler timers;
  private final Runnable onFailure;
  private final Sinks.Empty<Void> dispatchEnded = Sinks.empty();
  private final Sinks.Empty<Void> failed = Sinks.empty();
  private final AtomicBoolean running = new AtomicBoolean();
  private Disposable subscription = () -> {};

  private Engine(Parts parts, IntakeQueue intake, Evaluation evaluation) {
    Settings settings = parts.settings();
    this.intake = intake;
    timers = parts.clock().timers();
    onFailure = parts.onFailure();
    writer = Schedulers.newSingle("writer");
    actions =
        Schedulers.newBoundedElastic(
            actionThreads(),
            Math.max(WAITING_READS, settings.delivery().maxDestinations()),
            "actions");
    dispatcher =
        new Dispatcher(
            parts.store(),
            parts.executor(),
            intake,
            parts.automations(),
            actions,
            settings.delivery(),
            Runtime.getRuntime().maxMemory());
    subscriptions =
        Schedulers.newBoundedElastic(SUBSCRIPTION_READERS, WAITING_READS, "subscriptions");
    outlet = new Outlet(parts.store(), subscriptions);
    pipeline = pipeline(parts, evaluation);
  }

  /**
   * What an engine is made of.
   *
   * @param clock the host's time; its scheduler runs all timers
   * @param onFailure run if the chain itself fails and nothing more is evaluated
   */
  public record Parts(
      Settings settings,
      Automations automations,
      WebhooksInForce webhooks,
      Store store,
      ActionExecutor executor,
      Metrics metrics,
      EngineClock clock,
      Runnable onFailure) {}

  /**
   * Brings the trigger state up to the end of the journal, puts a declaration in force, and starts.
   * Blocks while it does.
   *
   * @param allowsEmpty whether a declaration of nothing may remove all that its origin declared
   * @throws dev.tocsin.engine.evaluation.AllRemovedException if it would and may not: then nothing
   *     has changed
   */
  public static Engine start(Parts parts, AutomationDeclaration declaration, boolean allowsEmpty) {
    Settings settings = parts.settings();
    SteadyClock clock = new SteadyClock(parts.clock(), parts.metrics()::clockJumped);
    IntakeQueue intake =
        new IntakeQueue(settings.intake().intakeCapacity(), clock, parts.clock().timers());
    Consequences consequences = new Consequences(settings.engine().namespace());
    parts
        .store()
        .unreadable()
        .listen(
            row -> {
              LOG.error("Store: {}. It is left out; everything else continues.", row);
              intake.report(consequences.of(row, clock.instant()));
            });
    StartProgress progress = new StartProgress(parts.clock());
    Recovery recovery =
        new Recovery(
            parts.store(),
            parts.automations(),
            settings.evaluation().runtime().withTableSeed(new SecureRandom().nextLong()),
            settings.engine().namespace(),
            progress);
    EntryEvaluation state = recovery.recover(clock.instant());
    if (!allowsEmpty) {
      state.inForce().requireSome(declaration.origin(), declaration.automations());
    }
    clock.resumeFrom(state.clock());
    Evaluation evaluation =
        new Evaluation(
            parts.store(),
            state,
            consequences,
            clock,
            parts.metrics(),
            new EvictedKeys(settings.evaluation().maxCausalDepth()));
    Engine engine = new Engine(parts, intake, evaluation);
    engine.measure(parts.store(), parts.metrics());
    engine.pipeline.start(
        declaration,
        new DecisionSettings(
            settings.evaluation().runtime(), MAX_STATE_BYTES, settings.engine().namespace()),
        progress);
    engine.outlet.committed(parts.store().lastSequence());
    engine.run(parts.store().destinationsWithWork());
    return engine;
  }

  private Pipeline pipeline(Parts parts, Evaluation evaluation) {
    Settings settings = parts.settings();
    Outages outages =
        new Outages(
            intake, new StallDetector(timers, intake::beat), settings.engine().startupGrace());
    StoreAccess access =
        new StoreAccess("commits", writer, outages::commitsFail, outages::commitsResume);
    Upkeep upkeep =
        new Upkeep(
            parts.store(),
            evaluation,
            new Checkpoints(parts.store(), parts.metrics(), parts.clock()),
            new RetentionTurn(
                parts.store(), retention(settings), parts.metrics(), intake.time()::proven),
            settings.store().checkpointEvery());
    return new Pipeline(
        intake,
        evaluation,
        new Committer(
            parts.store(),
            access,
            dispatcher,
            outlet,
            parts.metrics(),
            new CommitEffects(parts.metrics(), parts.automations(), parts.webhooks())),
        upkeep,
        outages,
        new Alarm(timers, intake.time(), intake::wake),
        writer,
        settings.intake().maxBatch());
  }

  /** Where events enter. */
  public Intake intake() {
    return intake;
  }

  /** What other parts of the daemon ask of this engine. */
  public EngineRequests requests() {
    return intake;
  }

  /** Where subscribers read the journal as it is committed. */
  public Outlet outlet() {
    return outlet;
  }

  /** Notes that senders are served from now on. */
  public void serving() {
    pipeline.serving();
  }

  /** The engine's clock, by which receipts are stamped. */
  public InstantSource time() {
    return intake.time();
  }

  /** Whether it accepts events and makes them durable. */
  public Readiness readiness() {
    return pipeline.readiness(running.get());
  }

  /**
   * Refuses senders, evaluates what was admitted, lets calls that have begun end, and saves a
   * checkpoint. What is unfinished at the timeout stays in the store for the next start.
   */
  public Mono<Void> stop(Duration timeout) {
    return Mono.defer(
            () -> {
              intake.close();
              dispatcher.stop();
              return Mono.when(dispatchEnded.asMono(), pipeline.drained())
                  .takeUntilOther(failed.asMono());
            })
        .timeout(timeout, timers)
        .onErrorResume(
            TimeoutException.class,
            _ -> {
              LOG.warn(
                  "Shutdown timed out after {}; unfinished actions resume at the next start.",
                  timeout);
              return Mono.empty();
            })
        .then(Mono.defer(this::finish));
  }

  private void run(List<String> waiting) {
    running.set(true);
    // The one place where the chain is subscribed to.
    subscription =
        Flux.merge(
                pipeline.chain().then(),
                dispatcher.run().doOnTerminate(dispatchEnded::tryEmitEmpty).then())
            .subscribe(_ -> {}, this::fail);
    dispatcher.call(waiting);
    intake.wake();
  }

  private void fail(Throwable failure) {
    LOG.error("The engine has failed and stops.", failure);
    running.set(false);
    intake.rejectWaiting();
    outlet.close();
    failed.tryEmitEmpty();
    onFailure.run();
  }

  private Mono<Void> finish() {
    subscription.dispose();
    outlet.close();
    intake.rejectWaiting();
    return Mono.<Void>fromRunnable(
            () -> {
              if (running.getAndSet(false)) {
                pipeline.saveBeforeStop();
              }
            })
        .subscribeOn(writer)
        .then(Mono.defer(this::disposeSchedulers))
        .timeout(LAST_STEPS_TIMEOUT, timers);
  }

  private Mono<Void> disposeSchedulers() {
    return Mono.when(
        writer.disposeGracefully(), actions.disposeGracefully(), subscriptions.disposeGracefully());
  }

  /** More than cores, so that a slow rendering does not hold up the others. */
  private static int actionThreads() {
    return Math.clamp(
        Runtime.getRuntime().maxMemory() / HEAP_OF_ACTION_THREAD,
        MIN_ACTION_THREADS,
        MAX_ACTION_THREADS);
  }

  private static RetentionLimits retention(Settings settings) {
    Long bytes = settings.store().retentionSize();
    return new RetentionLimits(
        settings.store().retentionAge(),
        bytes == null ? Long.MAX_VALUE : bytes,
        settings.evaluation().followsPatience());
  }

  private void measure(Store store, Metrics metrics) {
    metrics.queueDepth("intake", intake::depth);
    metrics.queueDepth("outbox", store::pendingCount);
    metrics.queueDepth("destinations", dispatcher::busyLanes);
    metrics.rowsUnreadable(() -> store.unreadable().count());
    metrics.queueDepth("memory", dispatcher::waitingForMemory);
    metrics.clockAhead(() -> intake.time().ahead().toMillis() / 1_000.0);
    metrics.stored(
        () -> store.size().segments(),
        () -> store.size().bytes(),
        () -> {
          Instant oldest = store.size().oldest();
          return oldest == null ? Double.NaN : oldest.toEpochMilli() / 1_000.0;
        });
  }
}
