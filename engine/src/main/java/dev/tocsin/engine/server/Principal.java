package dev.tocsin.engine.server;

/**
 * On whose behalf a request is made.
 *
 * @param name shown to operators
 */
record Principal(String name) {

  /** Somebody who gave no credentials. */
  static final Principal ANONYMOUS = new Principal("anonymous");
}
