package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class EngineClockTest {

  @Test
  void aRealSchedulerTellsTheTimeOfDay() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    Instant told = new EngineClock(Schedulers.parallel()).instant();

    assertThat(told).isBetween(before, Instant.now());
  }

  @Test
  void aVirtualSchedulerMovesIt() {
    VirtualTime time = new VirtualTime(Instant.EPOCH);
    EngineClock clock = new EngineClock(time);

    time.passBy(Duration.ofMinutes(3));

    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plus(Duration.ofMinutes(3)));
  }
}
