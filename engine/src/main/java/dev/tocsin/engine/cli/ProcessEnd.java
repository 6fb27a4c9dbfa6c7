package dev.tocsin.engine.cli;

import dev.tocsin.engine.log.ProcessLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of this process: on SIGTERM or SIGINT the command is notified, finishes its work, and its
 * exit code becomes that of the process.
 */
public final class ProcessEnd implements Termination {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
  private static final Duration WITHOUT_LIMIT = Duration.ofDays(36_500);

  private final CountDownLatch finished = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean pauses = new AtomicBoolean();
  private final AtomicInteger code = new AtomicInteger();

  @Override
  public void onRequest(Runnable action) {
    onRequest(action, WITHOUT_LIMIT);
  }

  @Override
  public void onRequest(Runnable action, Duration limit) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> askAndWait(action, limit), "process-end"));
  }

  @Override
  public void onHangUp(Runnable action) {
    HangUp.handle(action);
  }

  /** Waits for a time; returns false as soon as the process is asked to end. */
  public boolean pause(Duration time) throws InterruptedException {
    if (pauses.compareAndSet(false, true)) {
      onRequest(asked::countDown);
    }
    return !asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Asks the command to end, as a signal does. */
  public void ask() {
    asked.countDown();
  }

  /** Ends the process with a code once the command has returned. The log is written before. */
  public void exit(int exitCode) {
    ProcessLog.end();
    code.set(exitCode);
    finished.countDown();
    System.exit(exitCode);
  }

  private void askAndWait(Runnable action, Duration limit) {
    if (finished.getCount() == 0) {
      return; // The command has returned, and the process exits with its code.
    }
    action.run();
    try {
      if (!finished.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "Not stopped after {}: the process ends now. Nothing acknowledged is lost; the next"
                + " start resumes what is unfinished.",
            limit);
        ProcessLog.end();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    // Without this the exit code would be that of the signal.
    Runtime.getRuntime().halt(code.get());
  }
}
