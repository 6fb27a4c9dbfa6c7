package dev.tocsin.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Counts what the engine does: one method a thing that happens. Safe for all threads. */
public final class Metrics {

  /** How many automations have firing counts of their own; those after share {@value #OTHER}. */
  public static final int MAX_AUTOMATIONS = 1_000;

  /** The tag of what has no count of its own. */
  public static final String OTHER = "other";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter accepted = counter(EngineMeter.EVENTS_ACCEPTED);
  private final Counter refused = counter(EngineMeter.EVENTS_REFUSED);
  private final Counter duplicated = counter(EngineMeter.EVENTS_DUPLICATED);
  private final Counter matched = counter(EngineMeter.EVENTS_MATCHED);
  private final Counter firings = counter(EngineMeter.FIRINGS);
  private final Counter evicted = counter(EngineMeter.KEYS_EVICTED);
  private final Counter undefined = counter(EngineMeter.TEMPLATE_UNDEFINED);
  private final Counter conditionErrors = counter(EngineMeter.CONDITION_ERRORS);
  private final Counter dropped = counter(EngineMeter.STORE_DROPPED);
  private final Counter connectionsRefused = counter(EngineMeter.HTTP_CONNECTIONS_REFUSED);
  private final Timer commitDuration = timer(EngineMeter.COMMIT_DURATION);
  private final Timer evaluationLag = timer(EngineMeter.EVALUATION_LAG);
  private final DistributionSummary commitSize = summary(EngineMeter.COMMIT_SIZE);
  private final DistributionSummary checkpointRows = summary(EngineMeter.CHECKPOINT_ROWS);
  private final DistributionSummary checkpointSize = summary(EngineMeter.CHECKPOINT_SIZE);
  private final Timer checkpointDuration = timer(EngineMeter.CHECKPOINT_DURATION);
  private final AtomicLong checkpointClock = new AtomicLong();
  private final AtomicLong lastReload = new AtomicLong();
  private final Counter otherFirings = counter(EngineMeter.AUTOMATION_FIRINGS, OTHER, OTHER);
  private final Map<String, NamedFirings> automationFirings = new ConcurrentHashMap<>();

  /** The firings of an automation under its latest name. */
  private record NamedFirings(String name, Counter counter) {}

  /** Nothing has happened yet. */
  public Metrics() {
    gauge(EngineMeter.CHECKPOINT_CLOCK, checkpointClock::get);
    gauge(EngineMeter.RELOAD_LAST_SUCCESS_TIMESTAMP_SECONDS, lastReload::get);
  }

  /** Events became durable. */
  public void eventsAccepted(int count) {
    accepted.increment(count);
  }

  /** Something was wrong with events. */
  public void eventsRefused(int count) {
    refused.increment(count);
  }

  /** Events were known by their ids. */
  public void eventsDuplicated(int count) {
    duplicated.increment(count);
  }

  /** Events were covered by at least one trigger. */
  public void eventsMatched(int count) {
    matched.increment(count);
  }

  /**
   * An automation fired.
   *
   * @param automation its id
   * @param name its name now; the count of an automation continues under its new name
   */
  public void fired(String automation, String name) {
    firings.increment();
    firingsOf(automation, name).increment();
  }

  /** Triggers dropped the state of keys because they held too many. */
  public void keysEvicted(int count) {
    evicted.increment(count);
  }

  /** An action ended: {@code executed} or {@code failed}. */
  public void actionEnded(String type, String outcome) {
    counter(EngineMeter.ACTIONS, type, outcome).increment();
  }

  /** Runs a commit of this number of journal entries and times it; a failed one is timed too. */
  public void committing(int entries, Runnable commit) {
    commitSize.record(entries);
    commitDuration.record(commit);
  }

  /** A checkpoint was saved: how large it was, how long that took, and when it was taken. */
  public void checkpointSaved(long rows, long bytes, Duration took, Instant taken) {
    checkpointRows.record((double) rows);
    checkpointSize.record((double) bytes);
    checkpointDuration.record(notNegative(took));
    checkpointClock.set(taken.getEpochSecond());
  }

  /** A reload was applied at an instant. */
  public void reloaded(Instant at) {
    lastReload.set(at.getEpochSecond());
    counter(EngineMeter.RELOADS, "applied").increment();
  }

  /** A reload failed. */
  public void reloadFailed() {
    counter(EngineMeter.RELOADS, "failed").increment();
  }

  /** An event was evaluated this long after its receipt. */
  public void evaluated(Duration afterReceipt) {
    evaluationLag.record(notNegative(afterReceipt));
  }

  /** Rendering met paths without a value. */
  public void templatePathsUndefined(int count) {
    undefined.increment(count);
  }

  /**
   * The engine could not see.
   *
   * @param begins whether a new interval begins, and not one continues
   * @param longer by how much more it was blind
   */
  public void blind(String cause, boolean begins, Duration longer) {
    counter(EngineMeter.BLIND_INTERVALS, cause).increment(begins ? 1 : 0);
    counter(EngineMeter.BLIND_SECONDS, cause).increment(longer.toMillis() / 1_000.0);
  }

  /** The host's clock jumped, back if negative. */
  public void clockJumped(Duration jump) {
    counter(EngineMeter.CLOCK_JUMPS, jump.isNegative() ? "back" : "forward").increment();
  }

  /** From now on reports by how many seconds the engine's clock is ahead of the host's. */
  public void clockAhead(Supplier<Number> seconds) {
    gauge(EngineMeter.CLOCK_AHEAD, seconds);
  }

  /** Durations are measured by the host's clock, which may be set back meanwhile. */
  private static Duration notNegative(Duration measured) {
    return measured.isNegative() ? Duration.ZERO : measured;
  }

  /** A {@code where} failed and counted as false. */
  public void conditionFailed() {
    conditionErrors.increment();
  }

  /** A request was answered. */
  public void requestAnswered(String route, int status, Duration took) {
    timer(EngineMeter.HTTP_REQUESTS, route, Integer.toString(status)).record(notNegative(took));
  }

  /** A connection was refused because too many were open. */
  public void connectionRefused() {
    connectionsRefused.increment();
  }

  /** From now on reports how much waits in a queue. The supplier must be quick and thread-safe. */
  public void queueDepth(String queue, Supplier<Number> depth) {
    gauge(EngineMeter.QUEUE_DEPTH, depth, queue);
  }

  /** From now on reports how many rows could not be read. The supplier must be thread-safe. */
  public void rowsUnreadable(Supplier<Number> count) {
    gauge(EngineMeter.STORE_ROWS_UNREADABLE, count);
  }

  /** Retention took entries of the journal away. */
  public void entriesDropped(long count) {
    dropped.increment((double) count);
  }

  /**
   * From now on reports how much is stored. The suppliers must be quick and thread-safe.
   *
   * @param oldest in seconds since 1970
   */
  public void stored(Supplier<Number> segments, Supplier<Number> bytes, Supplier<Number> oldest) {
    gauge(EngineMeter.STORE_SEGMENTS, segments);
    gauge(EngineMeter.STORE_BYTES, bytes);
    gauge(EngineMeter.STORE_OLDEST, oldest);
  }

  /** From now on reports how many connections are open. The supplier must be thread-safe. */
  public void openConnections(Supplier<Number> count) {
    gauge(EngineMeter.HTTP_CONNECTIONS, count);
  }

  /** From now on reports how many lines the log has dropped. The supplier must be thread-safe. */
  public void logLinesDropped(Supplier<Number> count) {
    FunctionCounter.builder(
            EngineMeter.LOG_LINES_DROPPED.meterName(), count, it -> it.get().doubleValue())
        .description(EngineMeter.LOG_LINES_DROPPED.description())
        .register(registry);
  }

  /** The registry itself, for a library that measures on its own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** All meters now, in the text format of Prometheus (version 0.0.4). */
  public String scrape() {
    return registry.scrape();
  }

  private Counter firingsOf(String automation, String name) {
    NamedFirings known = automationFirings.get(automation);
    if (known != null && known.name().equals(name)) {
      return known.counter();
    }
    synchronized (automationFirings) {
      NamedFirings before = automationFirings.get(automation);
      if (before == null && automationFirings.size() >= MAX_AUTOMATIONS) {
        return otherFirings;
      }
      if (before != null && before.name().equals(name)) {
        return before.counter();
      }
      Counter counter = counter(EngineMeter.AUTOMATION_FIRINGS, automation, name);
      if (before != null) {
        counter.increment(before.counter().count());
        registry.remove(before.counter());
      }
      automationFirings.put(automation, new NamedFirings(name, counter));
      return counter;
    }
  }

  private Counter counter(EngineMeter meter, String... tagValues) {
    return Counter.builder(meter.meterName())
        .description(meter.description())
        .tags(tags(meter, tagValues))
        .register(registry);
  }

  private Timer timer(EngineMeter meter, String... tagValues) {
    return Timer.builder(meter.meterName())
        .description(meter.description())
        .tags(tags(meter, tagValues))
        .register(registry);
  }

  private DistributionSummary summary(EngineMeter meter) {
    return DistributionSummary.builder(meter.meterName())
        .description(meter.description())
        .register(registry);
  }

  private void gauge(EngineMeter meter, Supplier<Number> value, String... tagValues) {
    Gauge.builder(meter.meterName(), value)
        .description(meter.description())
        .tags(tags(meter, tagValues))
        .strongReference(true)
        .register(registry);
  }

  private static Tags tags(EngineMeter meter, String... values) {
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      tags = tags.and(meter.tags().get(i), values[i]);
    }
    return tags;
  }
}
