package dev.tocsin.engine.server;

import dev.tocsin.config.settings.Settings;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Intake;
import dev.tocsin.engine.server.Route.Call;
import dev.tocsin.engine.server.Validation.Fault;
import dev.tocsin.engine.store.Store;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The HTTP server. Everything in it is bounded: connections, headers, bodies, their number in
 * memory, the time that a sender may be silent, and the queries that wait for the store. Event
 * loops never wait: large bodies are read in a scheduler for bodies, the store in one for queries.
 *
 * <p>It stops in two steps: {@link #refuse} answers every new request with 503, and {@link #stop}
 * closes all connections when the requests under way are answered, or when its time is up.
 */
public final class HttpApi {

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

  private static final int MAX_REQUEST_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;
  private static final int BACKLOG = 1_024;
  private static final int QUERY_THREADS = 4;
  private static final int QUERIES_WAITING = 256;

  /** The part of the heap that bodies may take, as a divisor. */
  private static final int HEAP_SHARE = 4;

  /** The part of the heap that answers under way may take, as a divisor. */
  private static final int ANSWERS_SHARE = 8;

  /** Bytes of a larger answer that are given to the connection at one time. */
  private static final int PIECE = 64 * 1024;

  /** So much of a body is read and thrown away before a request is refused by a stop. */
  private static final int DRAINED = 1 << 20;

  private static final Duration DRAINED_IN = Duration.ofSeconds(1);

  private final Settings settings;
  private final InstantSource clock;
  private final Scheduler timer;
  private final Metrics metrics;
  private final About about;
  private final BooleanSupplier ready;
  private final List<Route> routes;
  private final EventsIn eventsIn;
  private final EventsOut eventsOut;
  private final BodyBudget answers;
  private final ConnectionLimit connections;
  private final ChannelGroup open;
  private final LoopResources loops;
  private final Scheduler bodies;
  private final Scheduler queries;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Sinks.Empty<Void> answered = Sinks.empty();

  private volatile boolean refusing;
  private @Nullable DisposableServer server;

  private HttpApi(
      Settings settings,
      Intake intake,
      Store store,
      Metrics metrics,
      InstantSource clock,
      Scheduler timer,
      About about,
      BooleanSupplier ready) {
    int processors = Runtime.getRuntime().availableProcessors();
    this.settings = settings;
    this.clock = clock;
    this.timer = timer;
    this.metrics = metrics;
    this.about = about;
    this.ready = ready;
    // Stays closed: a connection that is accepted while it closes is closed too.
    this.open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    this.loops = LoopResources.create("http", Math.max(2, processors), true);
    this.bodies = Schedulers.newParallel("http-bodies", processors, true);
    this.queries =
        Schedulers.newBoundedElastic(QUERY_THREADS, QUERIES_WAITING, "http-queries", 60, true);
    long most =
        Math.max(
            2L * settings.http().maxBodyBytes(), Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    this.eventsIn =
        new EventsIn(
            settings,
            intake,
            new BodyBudget(most, "request bodies"),
            clock,
            bodies,
            timer,
            metrics);
    this.answers =
        new BodyBudget(
            Math.max(2L * Store.PAGE_BYTES, Runtime.getRuntime().maxMemory() / ANSWERS_SHARE),
            "answers");
    this.eventsOut = new EventsOut(store, queries);
    this.connections = new ConnectionLimit(settings.http().maxConnections(), metrics);
    this.routes = routes();
  }

  /**
   * Starts to listen on the settings' host and port.
   *
   * @param clock the engine's clock
   * @param timer runs what waits: body timeouts and the pauses of a full intake
   * @param about told at {@code /api/about}
   * @param ready whether events can be made durable now
   * @return the running server, or an error where the address cannot be had
   */
  public static Mono<HttpApi> start(
      Settings settings,
      Intake intake,
      Store store,
      Metrics metrics,
      InstantSource clock,
      Scheduler timer,
      About about,
      BooleanSupplier ready) {
    return Mono.defer(
        () -> {
          HttpApi api = new HttpApi(settings, intake, store, metrics, clock, timer, about, ready);
          return api.bind().onErrorResume(failure -> api.dispose().then(Mono.error(failure)));
        });
  }

  /** Where it listens; the port is the real one. */
  public InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("not listening");
    }
    return (InetSocketAddress) server.address();
  }

  /** First step of a stop: every new request is answered with 503 and {@code Connection: close}. */
  public void refuse() {
    refusing = true;
    noteIfDone();
  }

  /**
   * Second step: listens no more, waits for the requests under way at most so long, closes every
   * connection. Completes when nothing is left.
   */
  public Mono<Void> stop(Duration timeout) {
    return Mono.defer(
        () -> {
          refuse();
          if (server != null) {
            server.dispose();
          }
          return answered
              .asMono()
              .timeout(timeout, Mono.fromRunnable(() -> LOG.warn("requests cut off by the stop")))
              .then(Mono.defer(this::dispose));
        });
  }

  private List<Route> routes() {
    return List.of(
        new Route(HttpMethod.POST, "/api/events", eventsIn::post),
        new Route(HttpMethod.GET, "/api/events", eventsOut::list),
        new Route(HttpMethod.GET, "/api/events/{id}", eventsOut::one),
        new Route(HttpMethod.GET, "/api/journal", eventsOut::journal),
        new Route(HttpMethod.GET, "/api/about", call -> about()),
        new Route(HttpMethod.GET, "/api/health", call -> health()),
        new Route(HttpMethod.GET, "/api/ready", call -> ready()),
        new Route(HttpMethod.GET, "/health", call -> health()),
        new Route(HttpMethod.GET, "/ready", call -> ready()),
        new Route(HttpMethod.GET, "/metrics", call -> scrape()));
  }

  private static Mono<Answer> health() {
    return Mono.just(Answer.json(200, new byte[] {'t', 'r', 'u', 'e'}));
  }

  private Mono<Answer> ready() {
    if (refusing) {
      return Mono.just(Answer.stopping());
    }
    return ready.getAsBoolean()
        ? eventsOut.ready()
        : Mono.just(Answer.detail(503, "The store does not take writes; trying on."));
  }

  private Mono<Answer> scrape() {
    return Mono.fromCallable(() -> Answer.prometheus(metrics.scrape())).subscribeOn(queries);
  }

  private Mono<Answer> about() {
    return Mono.just(
        Answer.object(
            200,
            json -> {
              json.writeStringProperty("version", about.version());
              json.writeStringProperty("started", about.started().toString());
              json.writeStringProperty("store", about.store());
            }));
  }

  private Mono<HttpApi> bind() {
    return HttpServer.create()
        .host(settings.http().listen().host())
        .port(settings.http().listen().port())
        .runOn(loops, false)
        .channelGroup(open)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .idleTimeout(settings.http().idleTimeout())
        .httpRequestDecoder(
            decoder -> decoder.maxInitialLineLength(MAX_REQUEST_LINE).maxHeaderSize(MAX_HEADERS))
        .doOnChannelInit(
            (observer, channel, address) -> {
              HeadDeadline.on(channel, settings.http().bodyTimeout());
              connections.admit(channel);
            })
        .handle(this::serve)
        .bind()
        .map(
            bound -> {
              server = bound;
              return this;
            });
  }

  private Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
    Instant begun = clock.instant();
    underWay.incrementAndGet();
    String path = pathOf(request);
    List<Route> candidates = routes.stream().filter(route -> route.match(path) != null).toList();
    String name = candidates.isEmpty() ? "none" : candidates.getFirst().path();
    BodyBudget.Share held = answers.open();
    return Mono.defer(() -> answer(request, held, path, candidates))
        .onErrorResume(failure -> recover(request, failure))
        .flatMap(
            answer -> {
              metrics.requestAnswered(
                  name, answer.status(), Duration.between(begun, clock.instant()));
              return send(answer, request, response);
            })
        .doFinally(
            end -> {
              held.close();
              underWay.decrementAndGet();
              noteIfDone();
            });
  }

  private Mono<Answer> answer(
      HttpServerRequest request, BodyBudget.Share held, String path, List<Route> candidates) {
    if (candidates.isEmpty()) {
      return Mono.just(Answer.detail(404, "Not Found"));
    }
    for (Route route : candidates) {
      if (route.serves(request.method())) {
        return refusing && !route.path().endsWith("/health")
            ? drain(request).thenReturn(Answer.stopping())
            : handle(route, request, held, path);
      }
    }
    return Mono.just(
        Answer.detail(405, "Method Not Allowed").with("Allow", Route.allow(candidates)));
  }

  /**
   * Reads what comes soon of a body. To close a connection while bytes of it are unread resets it,
   * and the sender may lose the answer (RFC 9112 section 9.6).
   */
  private Mono<Void> drain(HttpServerRequest request) {
    return request
        .receive()
        .map(ByteBuf::readableBytes)
        .take(DRAINED_IN, timer)
        .scan(0L, Long::sum)
        .takeUntil(read -> read >= DRAINED)
        .then();
  }

  private static Mono<Answer> handle(
      Route route, HttpServerRequest request, BodyBudget.Share held, String path) {
    String segment = route.match(path);
    String parameter = segment == null ? null : Route.decode(segment);
    if (parameter == null) {
      Fault fault =
          new Fault("path", "id", "value_error", "Not percent-encoded UTF-8 (RFC 3986)", segment);
      return Mono.just(Validation.of(List.of(fault)));
    }
    return route.handler().apply(new Call(request, parameter, held));
  }

  private static Mono<Answer> recover(HttpServerRequest request, Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return Mono.just(refused.answer());
    }
    if (failure instanceof AbortedException || AbortedException.isConnectionReset(failure)) {
      return Mono.error(failure);
    }
    LOG.error(
        "request {} {} {} failed", request.requestId(), request.method(), request.uri(), failure);
    return Mono.just(Answer.exception(500, "Internal Server Error").closing());
  }

  private static Mono<Void> send(
      Answer answer, HttpServerRequest request, HttpServerResponse response) {
    response.status(answer.status());
    answer.headers().forEach(response::header);
    if (answer.closes()) {
      response.keepAlive(false);
    }
    byte[] body = answer.body();
    if (body == null) {
      return response.send().then();
    }
    response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
    if (request.method().equals(HttpMethod.HEAD)) {
      return response.send().then();
    }
    return body.length <= PIECE
        ? response.sendObject(Unpooled.wrappedBuffer(body)).then()
        : response.send(pieces(body)).then();
  }

  /**
   * A large body goes out as it is read: sent whole it would be copied out of the heap at once, and
   * count as sent before a byte of it was.
   */
  private static Flux<ByteBuf> pieces(byte[] body) {
    return Flux.range(0, (body.length + PIECE - 1) / PIECE)
        .map(
            piece ->
                Unpooled.wrappedBuffer(
                    body, piece * PIECE, Math.min(PIECE, body.length - piece * PIECE)));
  }

  /** The path without a slash at its end. */
  private static String pathOf(HttpServerRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private void noteIfDone() {
    if (refusing && underWay.get() == 0) {
      var _ = answered.tryEmitEmpty();
    }
  }

  private Mono<Void> dispose() {
    return Mono.<Void>create(sink -> open.close().addListener(closed -> sink.success()))
        .then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)))
        .then(
            Mono.fromRunnable(
                () -> {
                  bodies.dispose();
                  queries.dispose();
                }));
  }
}
