package dev.tocsin.engine.delivery;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.Invocation;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.pipeline.IntakeQueue;
import dev.tocsin.engine.pipeline.StoreAccess;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Event;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Carries out what is in the outbox. Every destination has a line of its own: a bounded window of
 * it is read from the store, and carried out one invocation at a time, in order; then the line goes
 * behind those that wait. An invocation whose end is not durable stays in the outbox and is carried
 * out again after a restart.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Store store;
  private final StoreAccess access;
  private final ActionExecutor executor;
  private final IntakeQueue intake;
  private final Invocations invocations;
  private final Scheduler reads;
  private final int maxDestinations;
  private final int window;

  /** Lines that have work, each with how often it was called since it last had none. */
  private final Map<String, Integer> lines = new ConcurrentHashMap<>();

  /** Lines whose turn comes. None waits in it twice, so it holds at most as many as there are. */
  private final Sinks.Many<String> turns = Sinks.many().unicast().onBackpressureBuffer();

  private final Sinks.Empty<Void> stop = Sinks.empty();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * A dispatcher that does nothing yet: see {@link #run}.
   *
   * @param reads where the store may be waited for
   * @param maxDestinations most lines worked on at the same time
   * @param window most invocations of one line in memory
   */
  public Dispatcher(
      Store store,
      ActionExecutor executor,
      IntakeQueue intake,
      Automations automations,
      Scheduler reads,
      int maxDestinations,
      int window) {
    this.store = store;
    this.access = new StoreAccess("actions", reads);
    this.executor = executor;
    this.intake = intake;
    this.invocations = new Invocations(automations);
    this.reads = reads;
    this.maxDestinations = maxDestinations;
    this.window = window;
  }

  /** Says that these lines hold something new. */
  public void call(Collection<String> destinations) {
    for (String destination : destinations) {
      if (lines.merge(destination, 1, Integer::sum) == 1) {
        queue(destination);
      }
    }
  }

  /**
   * Works on the lines that are called until {@link #stop}; completes when the last call has ended.
   */
  public Flux<Void> run() {
    return turns
        .asFlux()
        .takeUntilOther(stop.asMono())
        .flatMap(this::turn, maxDestinations)
        .checkpoint("dispatch");
  }

  /** Starts nothing more; what has begun goes on to its end. */
  public void stop() {
    stopped.set(true);
    stop.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** How many lines are being worked on or wait to be. */
  public int busyLines() {
    return lines.size();
  }

  private synchronized void queue(String destination) {
    turns.emitNext(destination, Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** One window of a line. */
  private Mono<Void> turn(String destination) {
    return Mono.defer(
        () -> {
          int calls = lines.getOrDefault(destination, 0);
          return read(() -> store.pending(destination, 0, window))
              .flatMap(
                  waiting ->
                      Flux.fromIterable(waiting)
                          .takeWhile(_ -> !stopped.get())
                          .concatMap(this::carryOut, 1)
                          .then(Mono.fromRunnable(() -> end(destination, calls, waiting.size()))));
        });
  }

  /** The line has no work if its window was not full and it was not called since it was read. */
  private void end(String destination, int calls, int found) {
    boolean isDone =
        found < window
            && lines.computeIfPresent(destination, (_, now) -> now == calls ? null : now) == null;
    if (!isDone) {
      queue(destination);
    }
  }

  private Mono<Void> carryOut(StoredInvocation stored) {
    return read(() -> invocation(stored))
        .flatMap(
            invocation ->
                executor
                    .execute(invocation)
                    .flatMap(outcome -> intake.complete(invocation, outcome)))
        .checkpoint("action");
  }

  /** Reads until it succeeds or nothing more is started. */
  private <T> Mono<T> read(Callable<T> query) {
    return access.attempt(query).subscribeOn(reads).takeUntilOther(stop.asMono());
  }

  private Invocation invocation(StoredInvocation stored) {
    StoredFiring firing = store.firing(stored.firing());
    try {
      String id = firing == null ? null : firing.event();
      Event event = id == null ? null : store.event(id);
      return invocations.of(stored, firing, event);
    } catch (IllegalArgumentException unreadable) {
      LOG.error("Invocation {} fails: {}", stored.id(), unreadable.getMessage());
      return Invocations.unreadable(stored, firing, String.valueOf(unreadable.getMessage()));
    }
  }
}
