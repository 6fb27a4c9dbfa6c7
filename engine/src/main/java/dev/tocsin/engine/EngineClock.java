package dev.tocsin.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * The one place where the engine reads a clock: that of a Reactor scheduler, so that a scheduler of
 * virtual time moves instants and timers alike.
 */
public final class EngineClock implements InstantSource {

  private final Scheduler scheduler;

  /** The clock of a scheduler. */
  public EngineClock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** The scheduler of this time: delays that it runs pass as this clock does. */
  public Scheduler timers() {
    return scheduler;
  }

  /**
   * The scheduler's time, to the millisecond: for finer units a scheduler of real time answers with
   * a counter that is not the time of day.
   */
  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
  }

  /** That counter: only the difference of two readings has a meaning. */
  public Duration counter() {
    return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS));
  }
}
