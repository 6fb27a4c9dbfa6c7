package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class VirtualTimeTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

  private final VirtualTime time = new VirtualTime(START);
  private final List<String> ran = new ArrayList<>();

  private Disposable in(int seconds, String name) {
    return time.schedule(
        () -> ran.add(name + "@" + Duration.between(START, time.instant()).toSeconds()),
        seconds,
        TimeUnit.SECONDS);
  }

  @Test
  void everyTimerRunsAtItsOwnInstantAndInTheOrderInWhichItWasSet() {
    in(30, "late");
    in(10, "first");
    in(10, "second");
    in(20, "never").dispose();
    time.schedule(() -> in(5, "set on the way"), 10, TimeUnit.SECONDS);
    in(0, "at once");

    time.passTo(START.plusSeconds(29));
    assertThat(ran).containsExactly("at once@0", "first@10", "second@10", "set on the way@15");

    time.passBy(Duration.ofSeconds(1));
    time.passTo(START);
    assertThat(ran).endsWith("late@30");
    assertThat(time.instant()).isEqualTo(START.plusSeconds(30));
  }

  @Test
  void noThreadIsToldAnInstantBeforeTheTimersUpToItHaveBegun() throws Exception {
    AtomicLong latest = new AtomicLong(time.now(TimeUnit.SECONDS));
    time.schedule(() -> beat(latest), 1, TimeUnit.SECONDS);
    CountDownLatch looks = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    CompletableFuture<Long> leap =
        CompletableFuture.supplyAsync(
            () -> {
              looks.countDown();
              long most = 0;
              while (!stopped.get()) {
                long known = latest.get();
                long ahead = time.now(TimeUnit.SECONDS) - known;
                most = known == latest.get() ? Math.max(most, ahead) : most;
              }
              return most;
            });
    looks.await();
    try {
      for (int move = 0; move < 2_000; move++) {
        time.passBy(Duration.ofMinutes(1));
      }
    } finally {
      stopped.set(true);
    }
    assertThat(leap.get()).isLessThanOrEqualTo(1);
  }

  private void beat(AtomicLong latest) {
    latest.set(time.now(TimeUnit.SECONDS));
    time.schedule(() -> beat(latest), 1, TimeUnit.SECONDS);
  }

  /** Else the one who sets a timer would run what others have set, while time goes on. */
  @Test
  void everyTimerRunsOnTheThreadThatMovesTime() throws Exception {
    AtomicReference<Thread> ranOn = new AtomicReference<>();
    time.schedule(
        () -> CompletableFuture.runAsync(() -> in(3_600, "another")).join(), 1, TimeUnit.SECONDS);
    time.schedule(() -> ranOn.set(Thread.currentThread()), 1, TimeUnit.SECONDS);

    time.passBy(Duration.ofSeconds(1));

    assertThat(ranOn.get()).isSameAs(Thread.currentThread());
    time.passBy(Duration.ofHours(1));
    assertThat(ran).containsExactly("another@3601");
  }

  @Test
  void whatIsFurtherOffThanTimeGoesNeverComes() {
    time.schedule(() -> ran.add("never"), Long.MAX_VALUE, TimeUnit.DAYS);

    time.passBy(Duration.ofDays(10_000));

    assertThat(ran).isEmpty();
  }

  @Test
  void theTimeOfDayAndTheCounterStepApart() {
    time.step(Duration.ofHours(-1), Duration.ofMinutes(3));

    assertThat(time.instant()).isEqualTo(START.minus(Duration.ofHours(1)));
    assertThat(time.now(TimeUnit.NANOSECONDS))
        .isEqualTo(TimeUnit.SECONDS.toNanos(START.getEpochSecond() + 180));
  }
}
