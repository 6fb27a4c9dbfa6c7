package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day, but never back. Where the host's clock has stepped back, time goes on from where
 * it was, by the counter of the host, so that what is armed meanwhile comes to its deadline; it
 * then runs slower by a hundredth until the host's clock has caught up. Safe for all threads.
 */
final class SteadyClock implements InstantSource {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** What it may lose of the time that passes while it is ahead. */
  private static final int SLOWER_BY = 100;

  /** A smaller step back is not spoken of. */
  private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);

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

  /** From now on it tells nothing before this instant. */
  synchronized void goOnFrom(Instant instant) {
    if (instant.isAfter(latest)) {
      latest = instant;
      instant();
    }
  }

  @Override
  public synchronized Instant instant() {
    Instant told = host.instant();
    Duration passed = passed();
    Duration before = ahead;
    Duration lost = passed.dividedBy(SLOWER_BY);
    ahead = ahead.compareTo(lost) > 0 ? ahead.minus(lost) : Duration.ZERO;
    if (told.plus(ahead).isBefore(latest)) {
      ahead = Duration.between(told, latest.plus(passed));
      tell(told, ahead.minus(before));
    }
    Instant next = told.plus(ahead).truncatedTo(ChronoUnit.MILLIS);
    latest = next.isBefore(latest) ? latest : next;
    return latest;
  }

  /** Since it was asked last. */
  private Duration passed() {
    Duration now = host.counter();
    Duration passed = now.minus(counter);
    counter = now;
    return passed.isNegative() ? Duration.ZERO : passed;
  }

  private void tell(Instant told, Duration step) {
    if (step.compareTo(WORTH_A_LINE) >= 0) {
      LOG.warn(
          "The host's clock went back by {} to {}. The engine's never goes back: it goes on from"
              + " {}.",
          step.truncatedTo(ChronoUnit.MILLIS),
          told,
          latest);
    }
  }
}
