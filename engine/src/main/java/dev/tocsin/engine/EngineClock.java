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

  /**
   * The scheduler's time, to the millisecond: asked for less, a scheduler of real time answers with
   * a counter that is no time of day.
   */
  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
  }

  /** That counter: it says how much time has passed since it was read before, and nothing else. */
  public Duration counter() {
    return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS));
  }
}
