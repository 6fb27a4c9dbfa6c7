package dev.tocsin.engine;

import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Schedulers;

/**
 * Ends the process, with one line and exit code 3, once its heap is too small: if memory runs out
 * on any thread, or if there is time for nothing but garbage collection. So a process never lives
 * on with a part of its threads, and a start in a heap that is too small does not take forever.
 * What was acknowledged is durable.
 */
final class HeapGuard {

  /** That of {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int EXIT_CODE = 3;

  /** How long garbage collection may take almost all time, in milliseconds. */
  private static final long PATIENCE = 10_000;

  private final PrintStream err;
  private long begun;
  private long collectedBefore;

  private HeapGuard(PrintStream err) {
    this.err = err;
  }

  /** Watches this process from now on. */
  static HeapGuard install(PrintStream err) {
    HeapGuard guard = new HeapGuard(err);
    Thread.setDefaultUncaughtExceptionHandler(guard::uncaught);
    Schedulers.onScheduleHook("heap", guard::guarded);
    var _ = Schedulers.parallel().schedulePeriodically(guard::check, 1, 1, TimeUnit.SECONDS);
    return guard;
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (OutOfMemoryError error) {
        endIfOutOfMemory(Thread.currentThread(), error);
        throw error;
      }
    };
  }

  private void uncaught(Thread thread, Throwable failure) {
    endIfOutOfMemory(thread, failure);
    failure.printStackTrace(err);
  }

  /** Ends the process if that is what has failed on a thread. */
  void endIfOutOfMemory(Thread thread, Throwable failure) {
    if (failure instanceof OutOfMemoryError error) {
      end("Out of memory on thread " + thread.getName() + " (" + error.getMessage() + ")");
    }
  }

  /** From {@link #begun} on all time but a tenth went into collections. */
  private void check() {
    long now = ManagementFactory.getRuntimeMXBean().getUptime();
    long collected = 0;
    for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
      collected += Math.max(0, each.getCollectionTime());
    }
    if (!isFull() || (collected - collectedBefore) * 10 < (now - begun) * 9) {
      begun = now;
      collectedBefore = collected;
    } else if (now - begun > PATIENCE) {
      end("Garbage collection took almost all of the last " + (now - begun) / 1_000 + " s");
    }
  }

  private static boolean isFull() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) * 10 > runtime.maxMemory() * 9;
  }

  /** Other threads that have run out of memory wait here, so that one of them says so. */
  private synchronized void end(String what) {
    try {
      long megabytes = Runtime.getRuntime().maxMemory() >> 20;
      err.printf(
          "%s: the heap of %,d MiB is too small. Start with a larger one:"
              + " TOCSIN_JAVA_OPTS=-Xmx%dm%n",
          what, megabytes, 2 * megabytes);
      err.flush();
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
