package dev.tocsin.engine.server;

import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.reload.Reloader;
import dev.tocsin.engine.store.Journal;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * The HTTP server. Everything in it is bounded: connections, headers, bodies, their number in
 * memory, the time that a sender may be silent, and the queries that wait for the store. Event
 * loops never wait: large bodies are read in a scheduler for bodies, the store in one for queries.
 *
 * <p>It starts in two steps: {@link #bind} takes the address and answers probes, everything else
 * with 503 and {@code Retry-After}; {@link #serve} opens it. It stops in two steps: {@link #refuse}
 * answers every new request with 503, and {@link #stop} closes all connections when the requests in
 * flight are answered, or when its time is up.
 */
public final class HttpApi {

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

  private static final int MAX_REQUEST_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;
  private static final int BACKLOG = 1_024;

  /** The part of the heap that bodies may take, as a divisor. */
  private static final int BODIES_SHARE = 4;

  /** The part of the heap that answers in flight may take, as a divisor. */
  private static final int ANSWERS_SHARE = 8;

  private final Settings settings;
  private final Metrics metrics;
  private final Scheduler timer;
  private final ServerThreads threads = ServerThreads.start();
  private final ConnectionLimit connections;
  private final Probes probes;
  private final RequestHandler requests;

  /** Stays closed: a connection that is accepted while it closes is closed too. */
  private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  private @Nullable DisposableServer server;

  private HttpApi(Settings settings, Metrics metrics, InstantSource clock, Scheduler timer) {
    this.settings = settings;
    this.metrics = metrics;
    this.timer = timer;
    this.connections = new ConnectionLimit(settings.http().maxConnections(), metrics);
    this.probes = new Probes(metrics, threads.probes(), timer);
    this.requests =
        new RequestHandler(
            new RouteTable(probes.routes()),
            new RequestFilter(HostNames.of(settings.http())),
            new BodyBudget(shareOfHeap(ANSWERS_SHARE, 2L * Journal.PAGE_BYTES), "answers"),
            metrics,
            clock,
            timer);
  }

  /**
   * Takes the address of the settings and answers probes.
   *
   * @param metrics of the daemon, which this adds to
   * @param clock the engine's clock
   * @param timer runs timeouts
   * @return the bound server, or an error if the address cannot be bound
   */
  public static Mono<HttpApi> bind(
      Settings settings, Metrics metrics, InstantSource clock, Scheduler timer) {
    return Mono.defer(
        () -> {
          HttpApi api = new HttpApi(settings, metrics, clock, timer);
          return api.bind().onErrorResume(failure -> api.dispose().then(Mono.error(failure)));
        });
  }

  /** Serves all routes over these parts from now on. */
  public void serve(ServerParts parts) {
    EventsIn eventsIn =
        new EventsIn(
            settings,
            maxBodyBytes(),
            parts.intake(),
            new BodyBudget(shareOfHeap(BODIES_SHARE, 0), "request bodies"),
            parts.clock(),
            threads.bodies(),
            timer,
            metrics);
    List<Route> routes = new ArrayList<>(probes.routes());
    routes.addAll(new AboutServer(parts.about()).routes());
    routes.addAll(eventsIn.routes());
    routes.addAll(
        new EventsOut(parts.journal(), threads, settings.http().queryTimeout(), timer).routes());
    Reloader reloader = parts.reloader();
    if (reloader != null) {
      routes.addAll(new ReloadServer(reloader).routes());
    }
    serve(parts, routes);
  }

  /** Serves these routes. */
  void serve(ServerParts parts, List<Route> routes) {
    requests.serve(new RouteTable(routes));
    probes.serve(parts);
  }

  /** The address that is bound; the port is the real one. */
  public InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("not bound");
    }
    return (InetSocketAddress) server.address();
  }

  /**
   * First step of a stop: every new request, except probes, is answered with 503 and {@code
   * Connection: close}.
   */
  public void refuse() {
    probes.stop();
    requests.refuse();
  }

  /**
   * Second step: accepts no connection, waits for the requests in flight up to a timeout, closes
   * every connection. Completes when nothing is left.
   */
  public Mono<Void> stop(Duration timeout) {
    return Mono.defer(
        () -> {
          refuse();
          if (server != null) {
            server.dispose();
          }
          return requests
              .drained()
              .timeout(
                  timeout, Mono.fromRunnable(() -> LOG.warn("Stop cut off requests in flight")))
              .then(Mono.defer(this::dispose));
        });
  }

  private Mono<HttpApi> bind() {
    return HttpServer.create()
        .host(settings.http().listen().host())
        .port(settings.http().listen().port())
        .runOn(threads.loops(), false)
        .channelGroup(open)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .idleTimeout(settings.http().idleTimeout())
        .httpRequestDecoder(
            decoder -> decoder.maxInitialLineLength(MAX_REQUEST_LINE).maxHeaderSize(MAX_HEADERS))
        .doOnChannelInit(
            (observer, channel, address) -> {
              RequestGate gate = new RequestGate();
              HeadDeadline.on(channel, gate, settings.http().bodyTimeout());
              channel.pipeline().addAfter(HeadDeadline.LAST, "request-gate", gate);
              UnreadAnswer.on(channel, settings.http().bodyTimeout());
              connections.admit(channel);
            })
        .handle(requests::handle)
        .bind()
        .map(
            bound -> {
              server = bound;
              return this;
            });
  }

  private Mono<Void> dispose() {
    return Mono.<Void>create(sink -> open.close().addListener(closed -> sink.success()))
        .then(threads.dispose());
  }

  /** Half of what all bodies may take: while a body grows, its array exists twice. */
  private int maxBodyBytes() {
    return (int) Math.min(settings.http().maxBodyBytes(), shareOfHeap(2 * BODIES_SHARE, 0));
  }

  /** A part of the heap in bytes, and not less than a floor. */
  private static long shareOfHeap(int divisor, long floor) {
    return Math.max(floor, Runtime.getRuntime().maxMemory() / divisor);
  }
}
