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

/** The one timer of the engine: wakes the writer thread when something is due. */
final class Alarm {

  /** A longer wait is cut to this: the alarm then rings early, and is set again. */
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  private final Scheduler timers;
  private final InstantSource clock;
  private final Runnable ring;
  private final Disposable.Swap timer = Disposables.swap();

  /** What it is set to, until it rings. */
  private final AtomicReference<@Nullable AlarmTarget> target = new AtomicReference<>();

  /** An alarm that is not set. */
  Alarm(Scheduler timers, InstantSource clock, Runnable ring) {
    this.timers = timers;
    this.clock = clock;
    this.ring = ring;
  }

  /** What it is set to; compared by identity, so one set again for the same instant differs. */
  private static final class AlarmTarget {
    final Instant instant;

    AlarmTarget(Instant instant) {
      this.instant = instant;
    }
  }

  /** Rings at this instant only; at once if it has passed; never for null. */
  void set(@Nullable Instant instant) {
    AlarmTarget before = target.get();
    if (instant == null) {
      target.set(null);
      timer.update(Disposables.disposed());
    } else if (before == null || !before.instant.equals(instant)) {
      AlarmTarget next = new AlarmTarget(instant);
      target.set(next);
      timer.update(timers.schedule(() -> ring(next), delay(instant), TimeUnit.MILLISECONDS));
    }
  }

  /** Never rings again. */
  void dispose() {
    timer.dispose();
  }

  private void ring(AlarmTarget rung) {
    if (target.compareAndSet(rung, null)) {
      ring.run();
    }
  }

  /** In milliseconds, the step of the clock; rounded up, so that the instant is reached. */
  private long delay(Instant instant) {
    Duration left = Duration.between(clock.instant(), instant);
    if (left.compareTo(MAX_WAIT) > 0) {
      return MAX_WAIT.toMillis();
    }
    return left.isNegative() ? 0 : left.plusNanos(999_999).toMillis();
  }
}
