package dev.tocsin.engine.server;

import dev.tocsin.engine.log.ConnectionErrors;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Takes a request to its route and the answer back. It begins with the probes only; {@link #serve}
 * adds the other routes, {@link #refuse} ends them.
 */
final class RequestHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  /** Other methods are not implemented at all (RFC 9110 section 9.1). */
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  /** Bytes of a body that are read and discarded before its request is refused. */
  private static final int MAX_DRAINED = 1 << 20;

  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

  private final RequestFilter filter;
  private final BodyBudget answers;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Scheduler timer;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final Sinks.Empty<Void> drained = Sinks.empty();

  private volatile RouteTable routes;
  private volatile Phase phase = Phase.STARTING;

  RequestHandler(
      RouteTable probes,
      RequestFilter filter,
      BodyBudget answers,
      Metrics metrics,
      InstantSource clock,
      Scheduler timer) {
    this.routes = probes;
    this.filter = filter;
    this.answers = answers;
    this.metrics = metrics;
    this.clock = clock;
    this.timer = timer;
  }

  private enum Phase {
    STARTING,
    SERVING,
    STOPPING
  }

  /** Serves these routes from now on. */
  void serve(RouteTable table) {
    routes = table;
    if (phase == Phase.STARTING) {
      phase = Phase.SERVING;
    }
  }

  /** Answers every new request, except probes, with 503 and {@code Connection: close}. */
  void refuse() {
    phase = Phase.STOPPING;
    noteIfDrained();
  }

  /** Completes when no request is in flight after {@link #refuse}. */
  Mono<Void> drained() {
    return drained.asMono();
  }

  Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    Instant begun = clock.instant();
    inFlight.incrementAndGet();
    request.withConnection(exchange -> exchange.onTerminate().subscribe(new Exchange()));
    Target target = Target.of(request.uri());
    RouteTable.Match match = routes.find(request.method(), target.path());
    BodyBudget.Share held = answers.open();
    return Mono.defer(() -> answer(request, target, match, held))
        .onErrorResume(failure -> recover(request, match, failure))
        .flatMap(
            answer -> {
              Duration took = Duration.between(begun, clock.instant());
              metrics.requestAnswered(nameOf(match), answer.status(), took);
              return AnswerWriter.send(answer, request, response);
            })
        .doOnError(failure -> report(request, match, failure))
        .doFinally(end -> held.close());
  }

  private Mono<Answer> answer(
      HttpServerRequest request,
      Target target,
      RouteTable.@Nullable Match match,
      BodyBudget.Share held) {
    boolean isProbe = match != null && match.route().scope() == Scope.PROBE;
    Principal principal = Principal.ANONYMOUS;
    try {
      RequestFilter.checkFraming(request);
      if (!isProbe) {
        filter.checkHost(request, target);
      }
      if (match != null) {
        principal = filter.admit(request, target, match.route());
      }
    } catch (RefusedException refused) {
      return drain(request).thenReturn(refused.answer());
    }
    if (!isProbe && phase != Phase.SERVING) {
      Answer refusal = phase == Phase.STARTING ? Answer.starting() : Answer.stopping();
      return drain(request).thenReturn(refusal);
    }
    if (match == null) {
      return Mono.just(withoutRoute(request.method(), target.path()));
    }
    Map<String, String> parameters = parameters(match);
    return match.route().handler().apply(new Call(request, target, principal, parameters, held));
  }

  private Answer withoutRoute(HttpMethod method, String path) {
    if (!METHODS.contains(method)) {
      return Answer.detail(501, "Not Implemented");
    }
    if (method.equals(HttpMethod.OPTIONS) && path.equals("*")) {
      return Answer.noContent();
    }
    String allow = routes.allow(path);
    if (allow == null) {
      return Answer.detail(404, "Not Found");
    }
    Answer answer =
        method.equals(HttpMethod.OPTIONS)
            ? Answer.noContent()
            : Answer.detail(405, "Method Not Allowed");
    return answer.with("Allow", allow);
  }

  private static Map<String, String> parameters(RouteTable.Match match) {
    if (match.segments().isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    List<String> names = match.route().path().parameters();
    for (int i = 0; i < names.size(); i++) {
      String segment = match.segments().get(i);
      String value = PercentEncoding.decode(segment);
      if (value == null) {
        String message = "Not percent-encoded UTF-8 (RFC 3986)";
        Place place = new Place.InRequest("path", names.get(i));
        Problem problem = Problem.error(place, Problem.VALUE_ERROR, message, null, segment);
        throw new RefusedException(Validation.ofParameters(List.of(problem)));
      }
      values.put(names.get(i), value);
    }
    return values;
  }

  private static Mono<Answer> recover(
      HttpServerRequest request, RouteTable.@Nullable Match match, Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return Mono.just(refused.answer());
    }
    if (ConnectionErrors.contains(failure)) {
      return Mono.error(failure);
    }
    report(request, match, failure);
    return Mono.just(Answer.exception(500, "Internal Server Error").closing());
  }

  /** Logs a fault of this program. What a client does is not logged. */
  private static void report(
      HttpServerRequest request, RouteTable.@Nullable Match match, Throwable failure) {
    if (!ConnectionErrors.contains(failure)) {
      LOG.error(
          "Request {} {} {} failed", request.requestId(), request.method(), nameOf(match), failure);
    }
  }

  /**
   * Reads what arrives soon of a body. To close a connection while bytes of it are unread resets
   * it, and the sender may lose the answer (RFC 9112 section 9.6).
   */
  private Mono<Void> drain(HttpServerRequest request) {
    return request
        .receive()
        .map(ByteBuf::readableBytes)
        .take(DRAIN_TIMEOUT, timer)
        .scan(0L, Long::sum)
        .takeUntil(read -> read >= MAX_DRAINED)
        .then();
  }

  private static String nameOf(RouteTable.@Nullable Match match) {
    return match == null ? "none" : match.route().path().text();
  }

  private void noteIfDrained() {
    if (phase == Phase.STOPPING && inFlight.get() == 0) {
      var _ = drained.tryEmitEmpty();
    }
  }

  /**
   * A request in flight, until the last bytes of its answer are with the socket or the connection
   * is closed. The {@code Mono} of {@link #handle} completes earlier.
   */
  private final class Exchange extends BaseSubscriber<Void> {

    @Override
    protected void hookOnError(Throwable failure) {
      // The connection failed: nobody waits for the answer.
    }

    @Override
    protected void hookFinally(SignalType end) {
      inFlight.decrementAndGet();
      noteIfDrained();
    }
  }
}
