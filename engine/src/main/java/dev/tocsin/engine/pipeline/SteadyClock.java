package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day, but never back. If the host's clock steps back, time continues from its latest
 * value by the counter of the host, so that what is armed meanwhile reaches its deadline; it then
 * runs slower by a hundredth until the host's clock has caught up. Safe for all threads.
 */
final class SteadyClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** While it is ahead, it loses one part in this many of the time that passes. */
  private static final int SLOWER_BY = 100;

  /** A smaller step back is not logged. */
  private static final Duration MIN_LOGGED = Duration.ofSeconds(1);

  private final EngineClock host;

  /* Guarded by this object's monitor. */
  private Duration counter;
  private Instant latest;
  private Duration ahead = Duration.ZERO;

  SteadyClock(EngineClock host) {
    this.host = host;
    this.counter = host.counter();
    this.latest = host.instant();
  }

  /** From now on it returns nothing before this instant. */
  synchronized void resumeFrom(Instant instant) {
    if (instant.isAfter(latest)) {
      latest = instant;
      instant();
    }
  }

  @Override
  public synchronized Instant instant() {
    Instant hosts = host.instant();
    Duration passed = passed();
    Duration before = ahead;
    Duration lost = passed.dividedBy(SLOWER_BY);
    ahead = ahead.compareTo(lost) > 0 ? ahead.minus(lost) : Duration.ZERO;
    if (hosts.plus(ahead).isBefore(latest)) {
      ahead = Duration.between(hosts, latest.plus(passed));
      log(hosts, ahead.minus(before));
    }
    Instant next = hosts.plus(ahead).truncatedTo(ChronoUnit.MILLIS);
    latest = next.isBefore(latest) ? latest : next;
    return latest;
  }

  /** Since the last call. */
  private Duration passed() {
    Duration now = host.counter();
    Duration passed = now.minus(counter);
    counter = now;
    return passed.isNegative() ? Duration.ZERO : passed;
  }

  private void log(Instant host, Duration step) {
    if (step.compareTo(MIN_LOGGED) >= 0) {
      LOG.warn(
          "The host's clock went back by {} to {}. The engine's clock never does: it continues"
              + " from {}.",
          step.truncatedTo(ChronoUnit.MILLIS),
          host,
          latest);
    }
  }
}
