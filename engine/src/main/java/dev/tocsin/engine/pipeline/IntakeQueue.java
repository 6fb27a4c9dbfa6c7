package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.time.Duration;
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
public final class IntakeQueue implements Intake {

  /** Two looks further apart than this: the engine was stopped in between. */
  static final Duration STOPPED_AFTER = StallDetector.EVERY.plusSeconds(5);

  /** How long senders that were told to come back may take to do so. */
  static final Duration SENDERS_RETURN = Duration.ofSeconds(10);

  private final int capacity;
  private final long capacityBytes;
  private final InstantSource clock;
  private final Sinks.Many<Boolean> wakes = Sinks.many().multicast().directBestEffort();

  /* Guarded by this object's monitor. */
  private final ArrayDeque<Submission.Placed> offers = new ArrayDeque<>();
  private final ArrayDeque<Submission.Completion> completions = new ArrayDeque<>();
  private int events;
  private long bytes;
  private boolean closed;
  private @Nullable Instant latestLook;
  private Instant sheddingUntil = Instant.MIN;

  IntakeQueue(int capacity, long capacityBytes, InstantSource clock) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
    this.clock = clock;
  }

  @Override
  public Mono<Receipt> offer(List<EncodedEvent> offered) {
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
  public Mono<Void> complete(Invocation invocation, ActionOutcome outcome) {
    return Mono.defer(
        () -> {
          Submission.Completion completion =
              new Submission.Completion(invocation, outcome, look(), Sinks.empty());
          synchronized (this) {
            completions.add(completion);
          }
          wake();
          return completion.receipt().asMono();
        });
  }

  /** From now on it notices where {@link #look} was not called for long: it is, each second. */
  synchronized void beginToLook() {
    latestLook = clock.instant();
  }

  /**
   * The instant now. Where nobody has looked for long, the engine was stopped, and that is put in
   * its place before anything is that comes with this instant or later.
   */
  synchronized Instant look() {
    Instant now = clock.instant();
    Instant before = latestLook;
    if (before != null) {
      latestLook = now;
      if (Duration.between(before, now).compareTo(STOPPED_AFTER) > 0) {
        offers.add(new Submission.Blind(before, now, BlindCause.STOPPED));
      }
    }
    return now;
  }

  @Override
  public void turnedAway() {
    synchronized (this) {
      shed(look());
    }
    wake();
  }

  /** Looks at the clock, and makes {@link #wakes} say that time has passed. */
  void beat() {
    look();
    wake();
  }

  /** The engine could not see: this has its place before all that waits. */
  void couldNotSee(Submission.Blind blind) {
    synchronized (this) {
      offers.addFirst(blind);
    }
    wake();
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
    List<Submission.Placed> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(offers);
      offers.clear();
      events = 0;
      bytes = 0;
    }
    for (Submission.Placed each : left) {
      if (each instanceof Submission.Offer offer) {
        offer.receipt().emitValue(new Receipt.Closed(), FAIL_FAST);
      }
    }
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
    for (Submission.Placed next = offers.peek();
        next != null && (count == 0 || count + next.size() <= most);
        next = offers.peek()) {
      taken.add(offers.remove());
      count += next.size();
      bytes -= next instanceof Submission.Offer offer ? weight(offer) : 0;
    }
    events -= count;
    return taken;
  }

  /**
   * The instant up to which time may pass: that of the oldest offer, or now where none waits. So
   * what waits here is never taken for absent, and what comes later is stamped later.
   */
  synchronized Instant clock() {
    Instant now = look();
    Submission.Placed oldest = offers.peek();
    return oldest == null ? now : oldest.came();
  }

  /** How many events of senders wait. */
  synchronized int depth() {
    return events;
  }

  /** Gives an offer its place and the instant of its receipt, or refuses it. */
  private synchronized @Nullable Receipt admit(
      List<EncodedEvent> offered, Sinks.One<Receipt> receipt) {
    if (closed) {
      return new Receipt.Closed();
    }
    Submission.Offer offer = new Submission.Offer(offered, look(), receipt);
    long weight = weight(offer);
    boolean fits = events + offer.size() <= capacity && bytes + weight <= capacityBytes;
    if (!fits && events > 0) {
      return new Receipt.Overflow();
    }
    offers.add(offer);
    events += offer.size();
    bytes += weight;
    return null;
  }

  /** Until senders have returned the engine does not see; said again when half of that is over. */
  private void shed(Instant now) {
    if (now.plus(SENDERS_RETURN.dividedBy(2)).isBefore(sheddingUntil)) {
      return;
    }
    sheddingUntil = now.plus(SENDERS_RETURN);
    Instant from = now;
    if (offers.peekLast() instanceof Submission.Blind last && last.cause() == BlindCause.SHEDDING) {
      offers.removeLast();
      from = last.from();
    }
    offers.add(new Submission.Blind(from, sheddingUntil, BlindCause.SHEDDING));
  }

  private static long weight(Submission.Offer offer) {
    long weight = 0;
    for (EncodedEvent event : offer.events()) {
      weight += event.body().length + weight(event.event());
    }
    return weight;
  }

  /** About how many bytes an event holds in memory beside its stored form. */
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
