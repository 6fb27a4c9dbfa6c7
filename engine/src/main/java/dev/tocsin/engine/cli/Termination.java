package dev.tocsin.engine.cli;

import java.time.Duration;

/** The request to end the process (SIGTERM, SIGINT), as a command sees it. */
@FunctionalInterface
public interface Termination {

  /** Runs an action whenever the process gets SIGHUP, which does not end it then. */
  default void onHangUp(Runnable action) {}

  /** Runs an action when the process is asked to end. The command then returns its exit code. */
  void onRequest(Runnable action);

  /**
   * The same for a command that may hang.
   *
   * @param limit after this time the process ends even if the command has not returned
   */
  default void onRequest(Runnable action, Duration limit) {
    onRequest(action);
  }
}
