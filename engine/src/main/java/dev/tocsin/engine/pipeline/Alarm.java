package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** The one timer of the engine: it says when something is due, so that time itself is an entry. */
final class Alarm {

  /** A longer wait is cut here: the alarm then rings early, and is set again. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Scheduler timers;
  private final InstantSource clock;
  private final Runnable ring;
  private final Disposable.Swap timer = Disposables.swap();

  /** What it is set to, until it rings. */
  private final AtomicReference<@Nullable Setting> setting = new AtomicReference<>();

  /** An alarm that is not set. */
  Alarm(Scheduler timers, InstantSource clock, Runnable ring) {
    this.timers = timers;
    this.clock = clock;
    this.ring = ring;
  }

  /** One setting; two for the same instant are not the same. */
  private static final class Setting {
    final Instant instant;

    Setting(Instant instant) {
      this.instant = instant;
    }
  }

  /** Rings at this instant, and at no other; at once where it has passed; not at all for null. */
  void set(@Nullable Instant instant) {
    Setting before = setting.get();
    if (instant == null) {
      setting.set(null);
      timer.update(Disposables.disposed());
    } else if (before == null || !before.instant.equals(instant)) {
      Setting next = new Setting(instant);
      setting.set(next);
      timer.update(timers.schedule(() -> ring(next), delay(instant), TimeUnit.MILLISECONDS));
    }
  }

  /** Never rings again. */
  void dispose() {
    timer.dispose();
  }

  private void ring(Setting rung) {
    if (setting.compareAndSet(rung, null)) {
      ring.run();
    }
  }

  /** In milliseconds, the step of the clock: rounded up, so that the instant has come then. */
  private long delay(Instant instant) {
    Duration left = Duration.between(clock.instant(), instant);
    if (left.compareTo(LONGEST) > 0) {
      return LONGEST.toMillis();
    }
    return left.isNegative() ? 0 : left.plusNanos(999_999).toMillis();
  }
}
