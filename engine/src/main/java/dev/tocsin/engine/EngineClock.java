package dev.tocsin.engine;

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
   * The scheduler's time of day, to the millisecond: asked for a finer unit, a scheduler gives the running
   * time of the JVM instead.
   */
  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
  }
}
