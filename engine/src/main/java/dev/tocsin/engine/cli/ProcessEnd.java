package dev.tocsin.engine.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How this process ends: when it is asked to (SIGTERM, SIGINT), a command is told, finishes its work, and
 * its exit code becomes that of the process.
 */
public final class ProcessEnd implements Termination {

  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicInteger code = new AtomicInteger();

  @Override
  public void onRequest(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> askAndWait(action), "process-end"));
  }

  /** Ends the process with a code once the command has returned. */
  public void exit(int exitCode) {
    code.set(exitCode);
    finished.countDown();
    System.exit(exitCode);
  }

  private void askAndWait(Runnable action) {
    action.run();
    try {
      finished.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    // Else the exit code would tell of the signal, not of how the command ended.
    Runtime.getRuntime().halt(code.get());
  }
}
