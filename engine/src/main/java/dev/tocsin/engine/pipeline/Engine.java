package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.EngineClock;
import dev.tocsin.engine.delivery.Dispatcher;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.RetentionLimits;
import dev.tocsin.engine.store.Store;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
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
  private static final int READERS = 4;
  private static final int WAITING_READS = 10_000;
  private static final Duration LAST_STEPS = Duration.ofSeconds(5);

  /** Of events that wait, and never more than a quarter of the heap. */
  private static final long INTAKE_BYTES =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

  private final IntakeQueue intake;
  private final Pipeline pipeline;
  private final Dispatcher dispatcher;
  private final Scheduler writer;
  private final Scheduler reads;
  private final Scheduler timers;
  private final Runnable onFailure;
  private final Sinks.Empty<Void> dispatchEnded = Sinks.empty();
  private final Sinks.Empty<Void> failed = Sinks.empty();
  private final AtomicBoolean running = new AtomicBoolean();
  private Disposable subscription = () -> {};

  private Engine(
      IntakeQueue intake,
      Pipeline pipeline,
      Dispatcher dispatcher,
      Scheduler writer,
      Scheduler reads,
      Scheduler timers,
      Runnable onFailure) {
    this.intake = intake;
    this.pipeline = pipeline;
    this.dispatcher = dispatcher;
    this.writer = writer;
    this.reads = reads;
    this.timers = timers;
    this.onFailure = onFailure;
  }

  /**
   * What an engine is made of.
   *
   * @param timers what delays and time-outs are counted by
   * @param clock what the engine clock is read from
   * @param onFailure run where the chain itself fails and nothing more is evaluated
   */
  public record Parts(
      Settings settings,
      AutomationDeclaration declaration,
      Automations automations,
      WebhooksInForce webhooks,
      Store store,
      ActionExecutor executor,
      Metrics metrics,
      Scheduler timers,
      EngineClock clock,
      Runnable onFailure) {}

  /** Brings the trigger state up to the end of the journal, and starts. Blocks while it does. */
  public static Engine start(Parts parts) {
    Settings settings = parts.settings();
    Recovery recovery =
        new Recovery(
            parts.store(),
            parts.automations(),
            settings.evaluation().runtime().withTableSeed(new SecureRandom().nextLong()),
            settings.engine().namespace());
    SteadyClock clock = new SteadyClock(parts.clock());
    EntryEvaluation state = recovery.recover(clock.instant());
    clock.goOnFrom(state.clock());
    Evaluation evaluation =
        new Evaluation(
            parts.store(),
            state,
            new Consequences(settings.engine().namespace()),
            clock,
            parts.metrics(),
            new GivenUpKeys(settings.evaluation().maxCausalDepth()));
    IntakeQueue intake = new IntakeQueue(settings.intake().intakeCapacity(), INTAKE_BYTES, clock);
    Scheduler writer = Schedulers.newSingle("writer");
    Scheduler reads =
        Schedulers.newBoundedElastic(
            READERS, Math.max(WAITING_READS, settings.delivery().maxDestinations()), "outbox");
    Dispatcher dispatcher =
        new Dispatcher(
            parts.store(),
            parts.executor(),
            intake,
            parts.automations(),
            reads,
            settings.delivery().maxDestinations(),
            settings.delivery().destinationWindow());
    Pipeline pipeline =
        new Pipeline(
            intake,
            evaluation,
            parts.store(),
            dispatcher,
            parts.metrics(),
            parts.automations(),
            parts.webhooks(),
            writer,
            new Alarm(parts.timers(), clock, intake::wake),
            new RetentionTurn(parts.store(), retention(settings), parts.metrics()),
            new StallDetector(parts.timers(), intake::beat),
            settings.engine().startupGrace(),
            settings.intake().maxBatch(),
            new Checkpoints(parts.store(), parts.metrics(), parts.clock()),
            settings.store().checkpointEvery());
    Engine engine =
        new Engine(intake, pipeline, dispatcher, writer, reads, parts.timers(), parts.onFailure());
    parts.metrics().queueDepth("intake", intake::depth);
    parts.metrics().queueDepth("outbox", parts.store()::pendingCount);
    parts.metrics().queueDepth("destinations", dispatcher::busyLines);
    measure(parts.store(), parts.metrics());
    pipeline.start(parts.declaration());
    engine.run(parts.store().destinationsWithWork());
    return engine;
  }

  /** Where events enter. */
  public Intake intake() {
    return intake;
  }

  /** Says that senders can reach it from now on. */
  public void listens() {
    pipeline.listens();
  }

  /** Whether it takes events and makes them durable. */
  public boolean isReady() {
    return running.get() && pipeline.isHealthy();
  }

  /**
   * Refuses senders, evaluates what was admitted, lets calls that have begun end, and saves a
   * checkpoint. What is not done when the time is over stays in the store for the next start.
   */
  public Mono<Void> stop(Duration atMost) {
    return Mono.defer(
            () -> {
              intake.close();
              dispatcher.stop();
              return Mono.when(dispatchEnded.asMono(), pipeline.drained())
                  .takeUntilOther(failed.asMono());
            })
        .timeout(atMost, timers)
        .onErrorResume(
            TimeoutException.class,
            _ -> {
              LOG.warn(
                  "Not all ended within {}; what is left goes on after the next start.", atMost);
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
    intake.turnAway();
    failed.tryEmitEmpty();
    onFailure.run();
  }

  private Mono<Void> finish() {
    subscription.dispose();
    intake.turnAway();
    return Mono.<Void>fromRunnable(
            () -> {
              if (running.getAndSet(false)) {
                pipeline.saveCheckpoint();
              }
            })
        .subscribeOn(writer)
        .then(Mono.defer(() -> writer.disposeGracefully().and(reads.disposeGracefully())))
        .timeout(LAST_STEPS, timers);
  }

  private static RetentionLimits retention(Settings settings) {
    Long bytes = settings.store().retentionSize();
    return new RetentionLimits(
        settings.store().retentionAge(),
        bytes == null ? Long.MAX_VALUE : bytes,
        settings.evaluation().followsPatience());
  }

  private static void measure(Store store, Metrics metrics) {
    metrics.stored(
        () -> store.size().segments(),
        () -> store.size().bytes(),
        () -> {
          Instant oldest = store.size().oldest();
          return oldest == null ? Double.NaN : oldest.toEpochMilli() / 1_000.0;
        });
  }
}
