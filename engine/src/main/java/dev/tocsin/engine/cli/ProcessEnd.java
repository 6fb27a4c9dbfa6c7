package dev.tocsin.engine.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The end of this process: on SIGTERM or SIGINT the command is notified, finishes its work, and its
 * exit code becomes that of the process.
 */
public final class ProcessEnd implements Termination {

  private final CountDownLatch finished = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean pauses = new AtomicBoolean();
  private final AtomicInteger code = new AtomicInteger();

  @Override
  public void onRequest(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> askAndWait(action), "process-end"));
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

  /** Ends the process with a code once the command has returned. */
  public void exit(int exitCode) {
    code.set(exitCode);
    finished.countDown();
    System.exit(exitCode);
  }

  private void askAndWait(Runnable action) {
    if (finished.getCount() == 0) {
      return; // The command has returned, and the process exits with its code.
    }
    action.run();
    try {
      finished.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    // Without this the exit code would be that of the signal.
    Runtime.getRuntime().halt(code.get());
  }
}
