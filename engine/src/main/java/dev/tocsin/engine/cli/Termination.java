package dev.tocsin.engine.cli;

/** Tells a command that the process was asked to end (SIGTERM, SIGINT). */
@FunctionalInterface
public interface Termination {

  /**
   * Runs an action when the process is asked to end; the command then returns and the exit is 0.
   */
  void onRequest(Runnable action);
}
