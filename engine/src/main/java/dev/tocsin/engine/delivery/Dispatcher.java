package dev.tocsin.engine.delivery;

import dev.tocsin.actions.ActionExecutor;
import dev.tocsin.actions.Invocation;
import dev.tocsin.actions.PreparedAction;
import dev.tocsin.config.settings.DeliverySettings;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreAccess;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Event;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
 *
 * <p>Calls and renderings have a budget of memory each, a quarter of the heap. An invocation for
 * which there is no room waits in the outbox: only its row is in memory.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** What a call may take of the memory for a stored byte of its firing and event. */
  private static final int CALL_FACTOR = 4;

  /** The same of a rendering, which may parse the payload: a dense one takes this much. */
  private static final int RENDERING_FACTOR = 32;

  /** Events up to this number of stored bytes are small, and do not wait for larger ones. */
  private static final int SMALL_EVENT = 65_536;

  /** What a call takes beside what is sent and read. */
  private static final int CALL_OVERHEAD = 8_192;

  private final Store store;
  private final StoreAccess access;
  private final ActionExecutor executor;
  private final Completions completions;
  private final Invocations invocations;
  private final Scheduler threads;
  private final int maxDestinations;
  private final int window;
  private final long answerBytes;
  private final MemoryBudget calls;
  private final MemoryBudget renderings;

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
   * @param threads on which the store may block and templates are rendered
   * @param heap maximum bytes of the heap
   */
  public Dispatcher(
      Store store,
      ActionExecutor executor,
      Completions completions,
      Automations automations,
      Scheduler threads,
      DeliverySettings settings,
      long heap) {
    this.store = store;
    this.access = new StoreAccess("actions", threads);
    this.executor = executor;
    this.completions = completions;
    this.invocations = new Invocations(automations);
    this.threads = threads;
    this.maxDestinations = settings.maxDestinations();
    this.window = settings.destinationWindow();
    this.answerBytes = CALL_OVERHEAD + 2L * settings.maxResponseBytes();
    this.calls = new MemoryBudget(heap / 4, answerBytes + SMALL_EVENT * (long) CALL_FACTOR);
    this.renderings = new MemoryBudget(heap / 4, SMALL_EVENT * (long) RENDERING_FACTOR);
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

  /** How many actions wait for memory. */
  public int waitingForMemory() {
    return calls.waiting() + renderings.waiting();
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
    return read(() -> store.firingBytes(stored.firing()))
        .flatMap(
            bytes ->
                within(
                    calls,
                    answerBytes + bytes * CALL_FACTOR,
                    call ->
                        prepare(stored, bytes)
                            .doOnNext(action -> call.hold(answerBytes + action.bytes()))
                            .flatMap(this::complete)))
        .checkpoint("action");
  }

  /** Loads and renders. Nothing that waits for the call refers to the event. */
  private Mono<PreparedAction> prepare(StoredInvocation stored, long bytes) {
    return within(
        renderings,
        bytes * RENDERING_FACTOR,
        _ -> read(() -> executor.prepare(invocation(stored))));
  }

  private Mono<Void> complete(PreparedAction action) {
    return executor
        .carryOut(action)
        .flatMap(outcome -> completions.complete(action.invocation(), outcome));
  }

  /** Waits until the budget has room, and works while it holds it; nothing once it is stopped. */
  private <T> Mono<T> within(
      MemoryBudget budget, long bytes, Function<MemoryBudget.Portion, Mono<T>> work) {
    return Mono.usingWhen(
        budget.take(bytes).takeUntilOther(stop.asMono()),
        work,
        portion -> Mono.fromRunnable(portion::close));
  }

  /** Retries until it succeeds or {@link #stop} is called. */
  private <T> Mono<T> read(Callable<T> query) {
    return access.attempt(query).subscribeOn(threads).takeUntilOther(stop.asMono());
  }

  private Invocation invocation(StoredInvocation stored) {
    @Nullable StoredFiring firing = null;
    try {
      firing = store.firing(stored.firing());
      String id = firing == null ? null : firing.event();
      Event event = id == null ? null : store.event(id);
      return invocations.of(stored, firing, event);
    } catch (StoreException unavailable) {
      throw unavailable;
    } catch (RuntimeException unreadable) {
      LOG.error("Invocation {} fails: {}", stored.id(), unreadable.getMessage());
      return Invocations.unreadable(stored, firing, String.valueOf(unreadable.getMessage()));
    }
  }
}
