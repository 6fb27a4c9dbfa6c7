package dev.tocsin.engine.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Does something again and again while the process runs, so that it shows where it did not. */
final class StallDetector {

  /** How often. */
  static final Duration EVERY = Duration.ofSeconds(1);

  private final Scheduler timers;
  private final Runnable beat;
  private final Disposable.Swap timer = Disposables.swap();

  /** One that does not beat yet. */
  StallDetector(Scheduler timers, Runnable beat) {
    this.timers = timers;
    this.beat = beat;
  }

  /** Beats from now on. */
  void start() {
    timer.update(timers.schedule(this::beat, EVERY.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Never beats again. */
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
