package dev.tocsin.engine.server;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The threads of the HTTP server, apart so that no kind of work waits for another.
 *
 * @param loops event loops, which never block
 * @param bodies read large bodies
 * @param lists read the store as a whole, which may take long
 * @param lookups read a bounded part of the store
 * @param probes answer readiness and metrics, which must answer while queries are slow
 */
record ServerThreads(
    LoopResources loops, Scheduler bodies, Scheduler lists, Scheduler lookups, Scheduler probes) {

  /** As many as the store has connections for lists. */
  private static final int LIST_THREADS = 2;

  /** Fewer than the store has connections for the engine, which they share. */
  private static final int LOOKUP_THREADS = 2;

  private static final int QUERIES_WAITING = 256;
  private static final int PROBE_THREADS = 2;
  private static final int PROBES_WAITING = 64;
  private static final int IDLE_SECONDS = 60;

  static ServerThreads start() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new ServerThreads(
        LoopResources.create("http", Math.max(2, processors), true),
        Schedulers.newParallel("http-bodies", processors, true),
        Schedulers.newBoundedElastic(
            LIST_THREADS, QUERIES_WAITING, "http-lists", IDLE_SECONDS, true),
        Schedulers.newBoundedElastic(
            LOOKUP_THREADS, QUERIES_WAITING, "http-lookups", IDLE_SECONDS, true),
        Schedulers.newBoundedElastic(
            PROBE_THREADS, PROBES_WAITING, "http-probes", IDLE_SECONDS, true));
  }

  Mono<Void> dispose() {
    return loops
        .disposeLater(Duration.ZERO, Duration.ofSeconds(2))
        .then(
            Mono.fromRunnable(
                () -> {
                  bodies.dispose();
                  lists.dispose();
                  lookups.dispose();
                  probes.dispose();
                }));
  }
}
