package dev.tocsin.engine.pipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one round of the writer thread leaves to do. */
sealed interface Round {

  /** There may be more to do at once. */
  record Again() implements Round {}

  /** Nothing to do until this instant, or until the intake wakes the writer; null is never. */
  record Rest(@Nullable Instant until) implements Round {}

  /**
   * The intake is closed and all it admitted is durable. Deadlines and ends of invocations may
   * still cause further rounds.
   */
  record Drained(@Nullable Instant until) implements Round {}
}
