package dev.tocsin.engine;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.webhook.WebhookClient;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.config.DefinitionReader;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.AutomationDeclaration;
import dev.tocsin.engine.pipeline.Engine;
import dev.tocsin.engine.server.About;
import dev.tocsin.engine.server.HttpApi;
import dev.tocsin.engine.server.ServerParts;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The whole wiring: store, actions, engine, HTTP, started in this order and stopped in reverse.
 * Starting and stopping block; nothing else does.
 */
public final class Daemon implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final int RENDERERS = Runtime.getRuntime().availableProcessors();
  private static final int WAITING_RENDERINGS = 100_000;
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);

  private final Deque<Runnable> stops = new ArrayDeque<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Engine engine;
  private final HttpApi http;
  private final Store store;

  private Daemon(
      Settings settings,
      AutomationSet automations,
      Store opened,
      Scheduler timers,
      Runnable onFailure) {
    store = opened;
    stops.push(store::close);
    try {
      EngineClock clock = new EngineClock(timers);
      Metrics metrics = new Metrics();
      WebhookClient client =
          new WebhookClient(
              settings.delivery().webhookTimeout(), settings.delivery().maxResponseBytes(), timers);
      stops.push(() -> client.close().block(STEP_TIMEOUT));
      Scheduler rendering = Schedulers.newBoundedElastic(RENDERERS, WAITING_RENDERINGS, "actions");
      stops.push(rendering::dispose);
      WebhooksInForce webhooks = new WebhooksInForce(settings.delivery().webhooks());
      Automations inForce =
          new Automations(store, new DefinitionReader(settings.delivery().webhooks()));
      ActionExecutor executor =
          new ActionExecutor(
              settings.actions(Version.USER_AGENT, webhooks),
              client,
              rendering,
              clock,
              id -> inForce.find(id) != null);
      engine =
          Engine.start(
              new Engine.Parts(
                  settings,
                  new AutomationDeclaration(AutomationDeclaration.FILES, automations, "start"),
                  inForce,
                  webhooks,
                  store,
                  executor,
                  metrics,
                  timers,
                  clock,
                  onFailure));
      stops.push(() -> engine.stop(quarters(settings.engine().shutdownTimeout(), 3)).block());
      http =
          HttpApi.bind(settings, metrics, clock, timers).blockOptional(STEP_TIMEOUT).orElseThrow();
      http.serve(
          new ServerParts(
              engine.intake(),
              store,
              new About(Version.TEXT, clock.instant(), store.description()),
              engine::isReady));
      engine.listens();
      // Answers still go out while the engine drains, so the server ends after it.
      Runnable stopEngine = stops.pop();
      stops.push(() -> http.stop(quarters(settings.engine().shutdownTimeout(), 1)).block());
      stops.push(stopEngine);
      stops.push(http::refuse);
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /**
   * Starts a daemon; when this returns it takes events.
   *
   * @param timers what delays are counted by, and the clock is read from
   * @param onFailure run where the engine itself is at fault and cannot go on
   * @throws dev.tocsin.engine.store.StoreException where the data folder cannot be used
   */
  public static Daemon start(
      Settings settings, AutomationSet automations, Scheduler timers, Runnable onFailure) {
    return start(settings, automations, Stores.open(settings.store().data()), timers, onFailure);
  }

  /** The same over another store, which the daemon closes. */
  static Daemon start(
      Settings settings,
      AutomationSet automations,
      Store store,
      Scheduler timers,
      Runnable onFailure) {
    return new Daemon(settings, automations, store, timers, onFailure);
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    return http.address();
  }

  /** Kind and place of its store, for an operator. */
  public String store() {
    return store.description();
  }

  /**
   * Refuses what is new, finishes what was admitted, lets calls that have begun end within the time
   * that the settings give, closes the store. Does so once.
   */
  @Override
  public void close() {
    if (!stopped.compareAndSet(false, true)) {
      return;
    }
    while (!stops.isEmpty()) {
      stop(stops.pop());
    }
  }

  /** So many quarters of a time. */
  private static Duration quarters(Duration whole, int count) {
    return whole.multipliedBy(count).dividedBy(4);
  }

  private static void stop(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException failure) {
      LOG.error("Stopping goes on after a failure.", failure);
    }
  }
}
