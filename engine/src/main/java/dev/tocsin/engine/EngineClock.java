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

  /** The scheduler's time, in microseconds if it keeps them, else in milliseconds. */
  @Override
  public Instant instant() {
    long micros = scheduler.now(TimeUnit.MICROSECONDS);
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
