package dev.tocsin.engine.server;

import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * {@code /health}, {@code /ready} and {@code /metrics}: whether the daemon is well. They have
 * threads of their own and answer from the moment that the address is bound.
 */
final class Probes {

  /** A store that takes longer to answer is not ready. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Metrics metrics;
  private final Scheduler threads;
  private final Scheduler timer;

  private volatile @Nullable ServerParts parts;
  private volatile boolean isStopping;

  Probes(Metrics metrics, Scheduler threads, Scheduler timer) {
    this.metrics = metrics;
    this.threads = threads;
    this.timer = timer;
  }

  /** From now on these decide whether the daemon is ready. */
  void serve(ServerParts served) {
    parts = served;
  }

  /** From now on the daemon is not ready. */
  void stop() {
    isStopping = true;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/health", Scope.PROBE, call -> health()),
        Route.get("/ready", Scope.PROBE, this::ready),
        Route.get("/metrics", Scope.PROBE, call -> scrape()),
        Route.get("/api/health", Scope.PROBE, call -> health()),
        Route.get("/api/ready", Scope.PROBE, this::ready));
  }

  private static Mono<Answer> health() {
    return Mono.just(Answer.json(200, new byte[] {'t', 'r', 'u', 'e'}));
  }

  private Mono<Answer> ready(Call call) {
    ServerParts served = parts;
    if (isStopping || served == null) {
      return Mono.just(Answer.message(503, isStopping ? "Stopping" : "Starting"));
    }
    Readiness readiness = served.readiness().get();
    List<String> notes = isVerbose(call) ? readiness.notes() : List.of();
    if (!readiness.isReady()) {
      return Mono.just(answer(503, "Store unavailable: commits are paused, retrying", notes));
    }
    return ask(() -> {
          served.journal().lastSequence();
          return answer(200, "OK", notes);
        })
        .timeout(PATIENCE, timer)
        .onErrorResume(
            TimeoutException.class, slow -> Mono.just(answer(503, "Store does not answer", notes)))
        .onErrorResume(
            failure -> !(failure instanceof RefusedException),
            failure -> Mono.just(answer(503, "Store unavailable", notes)));
  }

  /** With {@code ?verbose}, whatever its value. */
  private static boolean isVerbose(Call call) {
    return call.target().query().startsWith("verbose");
  }

  private static Answer answer(int status, String message, List<String> notes) {
    return Answer.object(
        status,
        json -> {
          json.writeStringProperty("message", message);
          if (!notes.isEmpty()) {
            json.writeArrayPropertyStart("notes");
            notes.forEach(json::writeString);
            json.writeEndArray();
          }
        });
  }

  private Mono<Answer> scrape() {
    return ask(() -> Answer.prometheus(metrics.scrape()));
  }

  private Mono<Answer> ask(Callable<Answer> answer) {
    return Mono.fromCallable(answer)
        .subscribeOn(threads)
        .onErrorMap(
            RejectedExecutionException.class,
            full ->
                new RefusedException(Answer.tooMany("Too many probes at once; retry after 1 s.")));
  }
}
