package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Beats at an interval while the process runs, so that a missing beat shows a stall. */
final class StallDetector {

  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Scheduler timers;
  private final Runnable beat;
  private final Disposable.Swap timer = Disposables.swap();

  /** Does not beat before {@link #start}. */
  StallDetector(Scheduler timers, Runnable beat) {
    this.timers = timers;
    this.beat = beat;
  }

  void start() {
    timer.update(timers.schedule(this::beat, INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Stops for good. */
  void dispose() {
    timer.dispose();
  }

  private void beat() {
    beat.run();
    if (!timer.isDisposed()) {
      start();
    }
  }
}
