package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.Invocation;
import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Carries out what is in the outbox. Every destination has a line of its own: a bounded window of
 * it is read from the store, and carried out one invocation at a time, in order. An invocation
 * whose end is not durable stays in the outbox and is carried out again after a restart.
 */
final class Dispatcher {

  private final Store store;
  private final ActionExecutor executor;
  private final IntakeQueue intake;
  private final InvocationJson json;
  private final Scheduler reads;
  private final int maxDestinations;
  private final int window;

  /** Lines that are being worked on, each with how often it was called since it was last empty. */
  private final Map<String, Integer> lines = new ConcurrentHashMap<>();

  /** Lines to start. No destination waits in it twice, so it holds at most as many as there are. */
  private final Sinks.Many<String> starts = Sinks.many().unicast().onBackpressureBuffer();

  private final Sinks.Empty<Void> stop = Sinks.empty();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * A dispatcher that does nothing yet: see {@link #run}.
   *
   * @param reads where the store may be waited for
   * @param maxDestinations most lines worked on at the same time
   * @param window most invocations of one line in memory
   */
  Dispatcher(
      Store store,
      ActionExecutor executor,
      IntakeQueue intake,
      InvocationJson json,
      Scheduler reads,
      int maxDestinations,
      int window) {
    this.store = store;
    this.executor = executor;
    this.intake = intake;
    this.json = json;
    this.reads = reads;
    this.maxDestinations = maxDestinations;
    this.window = window;
  }

  /** Says that these lines hold something new. From one thread at a time. */
  void call(Collection<String> destinations) {
    for (String destination : destinations) {
      if (lines.merge(destination, 1, Integer::sum) == 1) {
        starts.emitNext(destination, Sinks.EmitFailureHandler.FAIL_FAST);
      }
    }
  }

  /**
   * Works on the lines that are called until {@link #stop}; completes when the last call has ended.
   */
  Flux<Void> run() {
    return starts
        .asFlux()
        .takeUntilOther(stop.asMono())
        .flatMap(this::work, maxDestinations)
        .checkpoint("dispatch");
  }

  /** Starts nothing more; what has begun goes on to its end. */
  void stop() {
    stopped.set(true);
    stop.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** How many lines are being worked on or wait to be. */
  int busyLines() {
    return lines.size();
  }

  private Mono<Void> work(String destination) {
    return Mono.defer(() -> round(destination))
        .repeat(() -> lines.containsKey(destination) && !stopped.get())
        .then();
  }

  /** One window of a line; the line ends with it if it is empty and was not called meanwhile. */
  private Mono<Void> round(String destination) {
    int calls = lines.getOrDefault(destination, 0);
    return Mono.fromCallable(() -> next(destination))
        .subscribeOn(reads)
        .flatMap(
            invocations -> {
              if (invocations.isEmpty()) {
                lines.computeIfPresent(destination, (_, now) -> now == calls ? null : now);
              }
              return Flux.fromIterable(invocations)
                  .takeWhile(_ -> !stopped.get())
                  .concatMap(this::carryOut, 1)
                  .then();
            });
  }

  private List<Invocation> next(String destination) {
    List<Invocation> invocations = new ArrayList<>();
    for (Store.StoredInvocation stored : store.pending(destination, 0, window)) {
      Store.StoredFiring firing = store.firing(stored.firing());
      if (firing == null) {
        throw new IllegalStateException(
            "invocation " + stored.id() + " has no firing " + stored.firing());
      }
      String id = firing.event();
      Event event = id == null ? null : store.event(id);
      invocations.add(json.read(stored, firing, event));
    }
    return invocations;
  }

  private Mono<Void> carryOut(Invocation invocation) {
    return executor
        .execute(invocation)
        .flatMap(outcome -> intake.complete(invocation, outcome))
        .checkpoint("action");
  }
}
