package dev.tocsin.engine.store;

import java.time.Instant;

/** The size of a store, and what retention drops. Every method blocks. */
public interface RetentionStore {

  /**
   * Takes a bounded step towards the limits, in a transaction of its own: whole segments of the
   * journal are dropped, the oldest first, with their firings and finished invocations. Kept are
   * what a restart or a pending invocation needs, the latest pause of each automation, the latest
   * declaration of each origin, and the definitions that kept rows refer to. For the writer thread.
   *
   * @param now the engine's clock
   * @param maxRows about how many rows one step may delete
   */
  RetentionStep drop(RetentionLimits limits, Instant now, int maxRows);

  /** How much is stored. */
  StoreSize size();
}
