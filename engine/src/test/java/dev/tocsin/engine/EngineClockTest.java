package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class EngineClockTest {

  @Test
  void aRealSchedulerTellsTheTimeOfDay() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    Instant told = new EngineClock(Schedulers.parallel()).instant();

    assertThat(told).isBetween(before, Instant.now());
  }

  @Test
  void aVirtualSchedulerMovesIt() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    EngineClock clock = new EngineClock(time);
    Instant start = clock.instant();

    time.advanceTimeBy(Duration.ofMinutes(3));

    assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofMinutes(3)));
    time.dispose();
  }
}
