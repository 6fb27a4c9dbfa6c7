package dev.tocsin.engine;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.webhook.WebhookClient;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.DefinitionReader;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.log.ProcessLog;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.AutomationDeclaration;
import dev.tocsin.engine.pipeline.Engine;
import dev.tocsin.engine.pipeline.EngineRequests;
import dev.tocsin.engine.pipeline.Outlet;
import dev.tocsin.engine.reload.DaemonConfiguration;
import dev.tocsin.engine.reload.FileWatch;
import dev.tocsin.engine.reload.ReloadRequest;
import dev.tocsin.engine.reload.Reloader;
import dev.tocsin.engine.server.About;
import dev.tocsin.engine.server.HttpApi;
import dev.tocsin.engine.server.ServerParts;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.PlainDuration;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The whole wiring. It starts in phases: the store is open, the address is bound, the engine
 * recovers and runs, requests are served. So a start that fails because of the address has changed
 * nothing in the store. Starting and stopping block; nothing else does.
 */
public final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);

  private final Settings settings;
  private final Store store;
  private final HttpApi http;
  private final Engine engine;
  private final @Nullable Reloader reloader;
  private final Map<StopPhase, Runnable> stops = new EnumMap<>(StopPhase.class);
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** What a stop does, in this order; answers still go out while the engine drains. */
  private enum StopPhase {
    REFUSE_REQUESTS,
    CLOSE_RELOADS,
    DRAIN_ENGINE,
    CLOSE_CONNECTIONS,
    CLOSE_ACTIONS,
    CLOSE_STORE
  }

  private Daemon(
      Settings settings,
      AutomationSet automations,
      @Nullable DaemonConfiguration configuration,
      Store opened,
      Scheduler timers,
      Runnable onFailure) {
    this.settings = settings;
    store = opened;
    stops.put(StopPhase.CLOSE_STORE, store::close);
    try {
      EngineClock clock = new EngineClock(timers);
      Metrics metrics = new Metrics();
      metrics.logLinesDropped(ProcessLog::dropped);
      http = bind(metrics, clock);
      WebhooksInForce webhooks = new WebhooksInForce(settings.delivery().webhooks());
      Automations inForce =
          new Automations(store, new DefinitionReader(settings.delivery().webhooks()));
      engine =
          Engine.start(
              new Engine.Parts(
                  settings,
                  inForce,
                  webhooks,
                  store,
                  actions(inForce, webhooks, clock),
                  metrics,
                  clock,
                  onFailure),
              new AutomationDeclaration(AutomationDeclaration.FILES, automations, "start"),
              configuration == null || configuration.allowsEmpty());
      stops.put(
          StopPhase.DRAIN_ENGINE,
          () ->
              engine
                  .stop(settings.engine().shutdownTimeout().multipliedBy(3).dividedBy(4))
                  .block());
      reloader = configuration == null ? null : reloader(configuration, inForce, metrics, clock);
      http.serve(
          new ServerParts(
              engine.intake(),
              engine.time(),
              store,
              new About(Version.TEXT, clock.instant(), store.description()),
              engine::readiness,
              reloader));
      engine.serving();
    } catch (RuntimeException | Error failure) {
      stop();
      throw failure;
    }
  }

  private Reloader reloader(
      DaemonConfiguration configuration,
      Automations automations,
      Metrics metrics,
      EngineClock clock) {
    Scheduler files = Schedulers.newSingle("reload");
    EffectiveSettings running = configuration.effective();
    Reloader created =
        new Reloader(
            running, configuration.source(), engine.requests(), automations, metrics, clock, files);
    Disposable watch =
        running.settings().engine().watch()
            ? FileWatch.of(running, created, clock.timers(), files).start()
            : Disposables.disposed();
    stops.put(
        StopPhase.CLOSE_RELOADS,
        () -> {
          watch.dispose();
          files.dispose();
        });
    return created;
  }

  private HttpApi bind(Metrics metrics, EngineClock clock) {
    HttpApi bound =
        HttpApi.bind(settings, metrics, clock, clock.timers())
            .blockOptional(STEP_TIMEOUT)
            .orElseThrow();
    stops.put(StopPhase.REFUSE_REQUESTS, bound::refuse);
    stops.put(
        StopPhase.CLOSE_CONNECTIONS,
        () -> bound.stop(settings.engine().shutdownTimeout().dividedBy(8)).block());
    return bound;
  }

  private ActionExecutor actions(
      Automations automations, WebhooksInForce webhooks, EngineClock clock) {
    WebhookClient client =
        new WebhookClient(
            settings.delivery().webhookTimeout(),
            settings.delivery().maxResponseBytes(),
            clock.timers());
    stops.put(StopPhase.CLOSE_ACTIONS, () -> client.close().block(STEP_TIMEOUT));
    return new ActionExecutor(
        settings.actions(Version.USER_AGENT, webhooks),
        client,
        clock,
        id -> automations.find(id) != null);
  }

  /**
   * Starts a daemon that can read its configuration again; when this returns, it serves requests.
   *
   * @param timers runs all timers; the clock is read from it
   * @param onFailure run if the engine itself fails and cannot continue
   * @throws dev.tocsin.engine.store.StoreException if the data folder cannot be used
   * @throws dev.tocsin.engine.evaluation.AllRemovedException if it would remove all automations in
   *     force, and may not
   */
  public static Daemon start(
      DaemonConfiguration configuration, Scheduler timers, Runnable onFailure) {
    return start(
        configuration,
        Stores.open(configuration.effective().settings().store().data()),
        timers,
        onFailure);
  }

  /** The same over another store, which the daemon closes. */
  static Daemon start(
      DaemonConfiguration configuration, Store store, Scheduler timers, Runnable onFailure) {
    return new Daemon(
        configuration.effective().settings(),
        configuration.automations(),
        configuration,
        store,
        timers,
        onFailure);
  }

  /**
   * Starts a daemon of fixed automations; when this returns, it serves requests.
   *
   * @param timers runs all timers; the clock is read from it
   * @param onFailure run if the engine itself fails and cannot continue
   * @throws dev.tocsin.engine.store.StoreException if the data folder cannot be used
   */
  public static Daemon start(
      Settings settings, AutomationSet automations, Scheduler timers, Runnable onFailure) {
    return new Daemon(
        settings, automations, null, Stores.open(settings.store().data()), timers, onFailure);
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return http.address();
  }

  /**
   * Reads automations and webhooks again. Blocks until they are in force, or refused; the log says
   * how that ended.
   *
   * @param by who asks, for people to read
   */
  public void reload(String by) {
    Reloader own = reloader;
    if (own == null) {
      LOG.warn("Reload by {} ignored: the automations of this daemon come from no file.", by);
      return;
    }
    try {
      own.reload(new ReloadRequest(by, false, false)).block(STEP_TIMEOUT);
    } catch (IllegalStateException late) {
      LOG.warn(
          "Reload by {} is not in force after {}, and continues.",
          by,
          PlainDuration.of(STEP_TIMEOUT));
    } catch (RuntimeException failure) {
      LOG.error("Reload by {} failed: {}", by, failure.getMessage());
    }
  }

  /** What other parts of the daemon ask of the engine. */
  EngineRequests requests() {
    return engine.requests();
  }

  /** Where subscribers read the journal as it is committed. */
  Outlet outlet() {
    return engine.outlet();
  }

  /** Kind and place of its store, for an operator. */
  public String store() {
    return store.description();
  }

  /**
   * Refuses new requests, finishes what was accepted, lets calls that have begun end within the
   * shutdown timeout of the settings, and closes the store. Further calls do nothing.
   */
  @Override
  public void close() {
    if (stopped.compareAndSet(false, true)) {
      LOG.info(
          "Stopping: refusing requests, finishing what was accepted, for at most {}.",
          PlainDuration.of(settings.engine().shutdownTimeout()));
      stop();
      LOG.info("Stopped.");
    }
  }

  private void stop() {
    stops.forEach(
        (phase, step) -> {
          try {
            step.run();
          } catch (RuntimeException failure) {
            LOG.error("Stop phase {} failed; continuing.", phase, failure);
          }
        });
  }
}
