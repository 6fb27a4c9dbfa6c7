package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.triggers.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where everything waits for its place in the one order. Senders are bounded by a number of events
 * and by their bytes, and refused beyond; the ends of invocations are never refused, since there is
 * at most one a destination.
 */
final class IntakeQueue implements Intake {

  private final int capacity;
  private final long capacityBytes;
  private final InstantSource clock;
  private final Sinks.Many<Boolean> wakes = Sinks.many().multicast().directBestEffort();

  /* Guarded by this object's monitor. */
  private final ArrayDeque<Submission.Offer> offers = new ArrayDeque<>();
  private final ArrayDeque<Submission.Completion> completions = new ArrayDeque<>();
  private int events;
  private long bytes;
  private boolean closed;

  IntakeQueue(int capacity, long capacityBytes, InstantSource clock) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
  }

  @Override
  public Mono<Receipt> offer(List<Event> offered) {
    return Mono.defer(
        () -> {
          if (offered.isEmpty()) {
            return Mono.just(new Receipt.Accepted(0, 0));
          }
          Sinks.One<Receipt> receipt = Sinks.one();
          Receipt refusal = admit(List.copyOf(offered), receipt);
          if (refusal != null) {
            return Mono.just(refusal);
          }
          wake();
          return receipt.asMono();
        });
  }

  /** Hands in the end of an invocation; completes when it is durable. */
  Mono<Void> complete(Invocation invocation, ActionOutcome outcome) {
    return Mono.defer(
        () -> {
          Submission.Completion completion =
              new Submission.Completion(invocation, outcome, clock.instant(), Sinks.empty());
          synchronized (this) {
            completions.add(completion);
          }
          wake();
          return completion.receipt().asMono();
        });
  }

  /** From now on senders are answered {@link Receipt.Closed}; what was admitted stays. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    wake();
  }

  /** Whether no event of a sender comes in any more. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Answers {@link Receipt.Closed} also to those that were admitted and not taken. */
  void turnAway() {
    List<Submission.Offer> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(offers);
      offers.clear();
      events = 0;
      bytes = 0;
    }
    left.forEach(offer -> offer.receipt().emitValue(new Receipt.Closed(), FAIL_FAST));
  }

  /** Says that there may be something to do; several at once count as one. */
  Flux<Boolean> wakes() {
    return wakes.asFlux().onBackpressureLatest();
  }

  /** Makes {@link #wakes} say so. */
  void wake() {
    synchronized (wakes) {
      wakes.emitNext(true, FAIL_FAST);
    }
  }

  /**
   * Takes what came first: all ends of invocations, and offers of about so many events; a single
   * larger offer is taken whole.
   */
  synchronized List<Submission> take(int most) {
    List<Submission> taken = new ArrayList<>(completions);
    completions.clear();
    int count = 0;
    for (Submission.Offer next = offers.peek();
        next != null && (count == 0 || count + next.size() <= most);
        next = offers.peek()) {
      taken.add(offers.remove());
      count += next.size();
      bytes -= weight(next);
    }
    events -= count;
    return taken;
  }

  /**
   * The instant up to which time may pass: that of the oldest offer, or now where none waits. So
   * what waits here is never taken for absent, and what comes later is stamped later.
   */
  synchronized Instant clock() {
    Submission.Offer oldest = offers.peek();
    return oldest == null ? clock.instant() : oldest.offered();
  }

  /** How many events of senders wait. */
  synchronized int depth() {
    return events;
  }

  /** Gives an offer its place and the instant of its receipt, or refuses it. */
  private synchronized @Nullable Receipt admit(List<Event> offered, Sinks.One<Receipt> receipt) {
    if (closed) {
      return new Receipt.Closed();
    }
    Submission.Offer offer = new Submission.Offer(offered, clock.instant(), receipt);
    long weight = weight(offer);
    boolean fits = events + offer.size() <= capacity && bytes + weight <= capacityBytes;
    if (!fits && !offers.isEmpty()) {
      return new Receipt.Overflow();
    }
    offers.add(offer);
    events += offer.size();
    bytes += weight;
    return null;
  }

  private static long weight(Submission.Offer offer) {
    long weight = 0;
    for (Event event : offer.events()) {
      weight += weight(event);
    }
    return weight;
  }

  /** About how many bytes an event holds in memory. */
  private static long weight(Event event) {
    long[] weight = {256L + event.payload().size()};
    event.resource().labels().forEach((name, value) -> weight[0] += 32L + value.length());
    event
        .related()
        .forEach(
            related ->
                related.labels().forEach((name, value) -> weight[0] += 32L + value.length()));
    return weight[0];
  }
}
