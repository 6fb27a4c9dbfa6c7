package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Reason;

/** How close to firing an entry brought one key of a trigger, or why it fired. */
public sealed interface FiringProgress {

  /** Without a statement. */
  FiringProgress NONE = new None();

  /** The instance. */
  record None() implements FiringProgress {}

  /**
   * Expected events that count.
   *
   * @param counted number of events, fewer than needed
   * @param needed the threshold
   */
  record Events(int counted, int needed) implements FiringProgress {}

  /**
   * An absence that did not happen: an expected event ended the silence in time.
   *
   * @param lasted how long too few events had been seen, in microseconds
   * @param within the maximum, in microseconds
   */
  record Silence(long lasted, long within) implements FiringProgress {}

  /**
   * Children of a composite that have fired; of a sequence, the first that are held in order.
   *
   * @param fired number of children, fewer than needed
   * @param needed number that the composite requires
   */
  record Triggers(int fired, int needed) implements FiringProgress {}

  /**
   * The condition was met.
   *
   * @param reason why the trigger fired, or resolved, or would have
   */
  record Complete(Reason reason) implements FiringProgress {}
}
