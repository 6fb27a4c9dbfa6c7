package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.actions.Webhook;
import dev.tocsin.engine.delivery.Completions;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Where everything waits for its place in the one order. Senders are bounded by a number of events
 * and by their bytes, and refused beyond; ends of invocations are never refused, since there is at
 * most one per destination. Safe for all threads.
 */
final class IntakeQueue implements Intake, EngineRequests, Completions {

  /** If two observations of the clock are further apart than this, the engine was stopped. */
  static final Duration STALLED_AFTER = StallDetector.INTERVAL.plusSeconds(5);

  /** How long senders that were asked to retry may need to do so. */
  static final Duration SENDERS_RETURN = Duration.ofSeconds(10);

  /** How long what is due may keep waiting senders from being evaluated before they are refused. */
  static final Duration MAX_STARVED = Duration.ofSeconds(5);

  /** How many own events may wait to become durable. */
  static final int MAX_TOLD = 1_000;

  /** Maximum number of declarations that wait to be put in force. */
  static final int MAX_DECLARED = 100;

  /** Maximum bytes of events that wait: a quarter of the heap. */
  private static final long MAX_BYTES = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

  /** Maximum bytes of events that are taken together, unless a single offer has more. */
  private static final long MAX_BATCH_BYTES = MAX_BYTES / 4;

  private final int capacity;
  private final SteadyClock clock;
  private final QuestionQueue questions;
  private final Sinks.Many<Boolean> wakes = Sinks.many().multicast().directBestEffort();

  /* Guarded by this object's monitor. */
  private final ArrayDeque<Submission.Placed> placed = new ArrayDeque<>();
  private final ArrayDeque<Submission> unplaced = new ArrayDeque<>();
  private int events;
  private long bytes;
  private int told;
  private boolean closed;
  private Instant observed;
  private boolean detectsStalls;
  private Instant sheddingUntil = Instant.MIN;
  private @Nullable Instant starvedSince;
  private boolean isStarved;

  /** An empty queue for at most {@code capacity} events, in a time. */
  IntakeQueue(int capacity, SteadyClock clock, Scheduler timers) {
    this.capacity = capacity;
    this.clock = clock;
    this.questions = new QuestionQueue(timers);
    this.observed = clock.instant();
  }

  /** The engine's time. Reading it does not observe. */
  SteadyClock time() {
    return clock;
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

  @Override
  public Mono<Void> complete(Invocation invocation, ActionOutcome outcome) {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> receipt = Sinks.empty();
          synchronized (this) {
            unplaced.add(new Submission.Completion(invocation, outcome, observe(), receipt));
          }
          wake();
          return receipt.asMono();
        });
  }

  @Override
  public Mono<Void> tell(Event event) {
    return Mono.defer(
        () -> {
          Sinks.Empty<Void> receipt = Sinks.empty();
          String refusal = admit(new Submission.Tell(event, receipt));
          if (refusal != null) {
            return Mono.error(new RejectedExecutionException(refusal));
          }
          wake();
          return receipt.asMono();
        });
  }

  /** Queues an event of the engine's own for which nobody waits. */
  void report(Event event) {
    synchronized (this) {
      unplaced.add(new Submission.Tell(event, Sinks.empty()));
    }
    wake();
  }

  @Override
  public Mono<DeclarationPlan> declare(
      AutomationDeclaration declaration, Map<String, Webhook> webhooks) {
    return Mono.defer(
        () -> {
          Sinks.One<DeclarationPlan> receipt = Sinks.one();
          String refusal = admit(new Submission.Declare(declaration, webhooks, receipt));
          if (refusal != null) {
            return Mono.error(new RejectedExecutionException(refusal));
          }
          wake();
          return receipt.asMono();
        });
  }

  @Override
  public <A> Mono<A> ask(Question<A> question) {
    return questions.ask(question, this::wake);
  }

  /** The questions that wait for the writer thread. */
  QuestionQueue questions() {
    return questions;
  }

  /** From now on {@link #observe} notes a stall; the engine observes each second. */
  synchronized void startStallDetection() {
    observed = clock.instant();
    detectsStalls = true;
  }

  /**
   * Observes the clock, and returns the instant. If this has not happened for long, the engine was
   * stopped: that is queued before anything that comes at this instant or later, as is a step back
   * of the host's clock.
   */
  synchronized Instant observe() {
    Instant before = observed;
    observed = clock.instant();
    if (detectsStalls && Duration.between(before, observed).compareTo(STALLED_AFTER) > 0) {
      placed.add(blind(before, observed, BlindCause.STOPPED));
    }
    SteadyClock.SetBack step = clock.pollSetBack();
    if (step != null) {
      placed.add(new Submission.ClockSetBack(observed, step));
    }
    return observed;
  }

  /** A blind interval between two instants of the engine's clock. */
  Submission.BlindPeriod blind(Instant from, Instant until, BlindCause cause) {
    Duration ahead = clock.ahead();
    return new Submission.BlindPeriod(from, from.minus(ahead), until.minus(ahead), cause);
  }

  /**
   * The instant up to which time may pass: that of the oldest submission, or the latest observation
   * if none waits. So nothing that waits here counts as absent, what comes later is stamped later,
   * and no stall is missed.
   */
  synchronized Instant clock() {
    Submission.Placed oldest = placed.peek();
    return oldest == null ? observed : oldest.came();
  }

  @Override
  public void senderRefused() {
    synchronized (this) {
      shed(observe());
    }
    wake();
  }

  /** Observes the clock, and lets the writer thread see that time has passed. */
  void beat() {
    observe();
    wake();
  }

  /** Queues a blind interval before all that waits. */
  void addBlind(Submission.BlindPeriod blind) {
    synchronized (this) {
      placed.addFirst(blind);
    }
    wake();
  }

  /** From now on senders are answered {@link Receipt.Closed}; what was admitted stays. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    questions.close();
    wake();
  }

  /** Whether senders are refused for good. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Closes, and also refuses what was admitted and not taken. */
  void rejectWaiting() {
    close();
    List<Submission> left = new ArrayList<>();
    synchronized (this) {
      left.addAll(placed);
      unplaced.stream().filter(each -> !(each instanceof Submission.Completion)).forEach(left::add);
      unplaced.removeIf(each -> !(each instanceof Submission.Completion));
      placed.clear();
      events = 0;
      bytes = 0;
      told = 0;
    }
    for (Submission each : left) {
      if (each instanceof Submission.Offer offer) {
        var _ = offer.receipt().tryEmitValue(new Receipt.Closed());
      } else {
        each.fail(new RejectedExecutionException("the engine is stopping"));
      }
    }
  }

  /** Signals that there may be something to do; several signals at once count as one. */
  Flux<Boolean> wakes() {
    return wakes.asFlux().onBackpressureLatest();
  }

  /** Makes {@link #wakes} signal. */
  void wake() {
    synchronized (wakes) {
      wakes.emitNext(true, FAIL_FAST);
    }
  }

  /**
   * Takes what came first: all ends of invocations and own events, and offers of about {@code
   * limit} events; a single larger offer is returned whole.
   */
  synchronized List<Submission> take(int limit) {
    starvedSince = null;
    isStarved = false;
    List<Submission> batch = new ArrayList<>(unplaced);
    unplaced.clear();
    told = 0;
    int count = 0;
    long begun = bytes;
    for (Submission.Placed next = placed.peek();
        next != null
            && (count == 0 || (count + next.size() <= limit && begun - bytes < MAX_BATCH_BYTES));
        next = placed.peek()) {
      batch.add(placed.remove());
      count += next.size();
      bytes -= next instanceof Submission.Offer offer ? weight(offer) : 0;
    }
    events -= count;
    return batch;
  }

  /** Puts what was taken and not evaluated back to its place, before all that came since. */
  synchronized void putBack(List<Submission> rest) {
    for (Submission each : rest.reversed()) {
      if (each instanceof Submission.Placed waits) {
        placed.addFirst(waits);
        events += waits.size();
        bytes += waits instanceof Submission.Offer offer ? weight(offer) : 0;
      } else {
        unplaced.addFirst(each);
        told += each instanceof Submission.Tell ? 1 : 0;
      }
    }
  }

  /**
   * Called while something is due, before which nothing is taken. If senders have waited for that
   * too long, they are refused, and so are others until something is taken. From the first one
   * refused until senders have returned, the engine does not see: so absences that would come due
   * meanwhile follow their {@code on_blind}, and what is due gets less.
   */
  void refuseIfStarved() {
    List<Submission.Offer> refused;
    synchronized (this) {
      starvedSince = starvedSince == null ? observed : starvedSince;
      Instant before = observed.minus(MAX_STARVED);
      Submission.Offer first = firstRefusable();
      if (first == null || first.offered().isAfter(before) || starvedSince.isAfter(before)) {
        return;
      }
      isStarved = true;
      sheddingUntil = observed.plus(SENDERS_RETURN);
      refused = removeRefusable(blind(first.offered(), sheddingUntil, BlindCause.OVERLOADED));
    }
    refused.forEach(offer -> offer.receipt().emitValue(new Receipt.Overflow(), FAIL_FAST));
  }

  private Submission.@Nullable Offer firstRefusable() {
    for (Submission.Placed each : placed) {
      if (each instanceof Submission.Offer offer && !offer.isBegun()) {
        return offer;
      }
    }
    return null;
  }

  /** Removes all offers that may be refused, and puts something in the place of the first. */
  private List<Submission.Offer> removeRefusable(Submission.Placed instead) {
    List<Submission.Offer> removed = new ArrayList<>();
    List<Submission.Placed> kept = new ArrayList<>();
    for (Submission.Placed each : placed) {
      if (each instanceof Submission.Offer offer && !offer.isBegun()) {
        if (removed.isEmpty()) {
          kept.add(instead);
        }
        removed.add(offer);
        events -= offer.size();
        bytes -= weight(offer);
      } else {
        kept.add(each);
      }
    }
    placed.clear();
    placed.addAll(kept);
    return removed;
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
    Submission.Offer offer = new Submission.Offer(offered, observe(), receipt);
    long weight = weight(offer);
    boolean fits = events + offer.size() <= capacity && bytes + weight <= MAX_BYTES;
    if (isStarved || (!fits && events > 0)) {
      return new Receipt.Overflow();
    }
    placed.add(offer);
    events += offer.size();
    bytes += weight;
    return null;
  }

  private synchronized @Nullable String admit(Submission.Declare declare) {
    if (closed) {
      return "the engine is stopping";
    }
    if (unplaced.stream().filter(Submission.Declare.class::isInstance).count() >= MAX_DECLARED) {
      return "maximum of " + MAX_DECLARED + " waiting declarations reached";
    }
    unplaced.add(declare);
    return null;
  }

  private synchronized @Nullable String admit(Submission.Tell tell) {
    if (closed) {
      return "the engine is stopping";
    }
    if (told >= MAX_TOLD) {
      return "maximum of " + MAX_TOLD + " waiting own events reached";
    }
    told++;
    unplaced.add(tell);
    return null;
  }

  /** Until senders have returned the engine does not see; extended once half of that has passed. */
  private void shed(Instant now) {
    if (now.plus(SENDERS_RETURN.dividedBy(2)).isBefore(sheddingUntil)) {
      return;
    }
    sheddingUntil = now.plus(SENDERS_RETURN);
    Instant from = now;
    if (placed.peekLast() instanceof Submission.BlindPeriod last
        && last.cause() == BlindCause.SHEDDING) {
      placed.removeLast();
      from = last.came();
    }
    placed.add(blind(from, sheddingUntil, BlindCause.SHEDDING));
  }

  private static long weight(Submission.Offer offer) {
    long weight = 0;
    for (EncodedEvent event : offer.events()) {
      weight += event.body().length + weight(event.event());
    }
    return weight;
  }

  /** Roughly the bytes of an event in memory besides its stored form. */
  private static long weight(Event event) {
    LabelBytes labels = new LabelBytes();
    event.resource().labels().forEach(labels);
    event.related().forEach(related -> related.labels().forEach(labels));
    return 256L + event.payload().size() + labels.sum;
  }

  /** Roughly the bytes of labels in memory. */
  private static final class LabelBytes implements BiConsumer<String, String> {

    private long sum;

    @Override
    public void accept(String name, String value) {
      sum += 32L + value.length();
    }
  }
}
