package dev.tocsin.engine.delivery;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.Invocation;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreAccess;
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
 * Carries out the outbox. Every destination has a lane of its own: a bounded window of it is read
 * from the store and carried out one invocation at a time, in order; then it is the next lane's
 * turn. An invocation whose outcome is not durable stays in the outbox and is carried out again
 * after a restart.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Store store;
  private final StoreAccess access;
  private final ActionExecutor executor;
  private final Completions completions;
  private final Invocations invocations;
  private final Scheduler reads;
  private final int maxDestinations;
  private final int window;

  /** Lanes that have work, each with how often it was called since it last had none. */
  private final Map<String, Integer> lanes = new ConcurrentHashMap<>();

  /** Lanes that wait for their turn, each at most once. */
  private final Sinks.Many<String> turns = Sinks.many().unicast().onBackpressureBuffer();

  private final Sinks.Empty<Void> stop = Sinks.empty();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * Does nothing before {@link #run}.
   *
   * @param completions makes outcomes durable
   * @param reads scheduler on which the store may block
   * @param maxDestinations maximum number of lanes served at the same time
   * @param window maximum number of invocations of one lane in memory
   */
  public Dispatcher(
      Store store,
      ActionExecutor executor,
      Completions completions,
      Automations automations,
      Scheduler reads,
      int maxDestinations,
      int window) {
    this.store = store;
    this.access = new StoreAccess("actions", reads);
    this.executor = executor;
    this.completions = completions;
    this.invocations = new Invocations(automations);
    this.reads = reads;
    this.maxDestinations = maxDestinations;
    this.window = window;
  }

  /** Notes that these destinations have new invocations. */
  public void call(Collection<String> destinations) {
    for (String destination : destinations) {
      if (lanes.merge(destination, 1, Integer::sum) == 1) {
        queue(destination);
      }
    }
  }

  /**
   * Serves the lanes that are called until {@link #stop}; completes when the last invocation has
   * ended.
   */
  public Flux<Void> run() {
    return turns
        .asFlux()
        .takeUntilOther(stop.asMono())
        .flatMap(this::turn, maxDestinations)
        .checkpoint("dispatch");
  }

  /** Starts no further invocation; those that have begun run to their end. */
  public void stop() {
    stopped.set(true);
    stop.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** How many lanes are being served or wait for their turn. */
  public int busyLanes() {
    return lanes.size();
  }

  private synchronized void queue(String destination) {
    turns.emitNext(destination, Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** One window of a lane. */
  private Mono<Void> turn(String destination) {
    return Mono.defer(
        () -> {
          int calls = lanes.getOrDefault(destination, 0);
          return read(() -> store.pending(destination, 0, window))
              .flatMap(
                  waiting ->
                      Flux.fromIterable(waiting)
                          .takeWhile(_ -> !stopped.get())
                          .concatMap(this::carryOut, 1)
                          .then(Mono.fromRunnable(() -> end(destination, calls, waiting.size()))));
        });
  }

  /** The lane has no work if its window was not full and it was not called since it was read. */
  private void end(String destination, int calls, int found) {
    boolean isDone =
        found < window
            && lanes.computeIfPresent(destination, (_, now) -> now == calls ? null : now) == null;
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
                    .flatMap(outcome -> completions.complete(invocation, outcome)))
        .checkpoint("action");
  }

  /** Retries until it succeeds or {@link #stop} is called. */
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
