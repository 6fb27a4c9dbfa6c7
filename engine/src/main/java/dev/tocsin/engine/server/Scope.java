package dev.tocsin.engine.server;

/** What a route lets its caller do. Every scope is open to everybody until the daemon has keys. */
enum Scope {
  /**
   * Ask whether the daemon is well. Such a route answers under any host name, and while the daemon
   * starts and stops.
   */
  PROBE,
  /** Read events and what the daemon says about itself. */
  READ,
  /** Send events. */
  SEND,
  /** Change how the daemon works. */
  ADMIN
}
