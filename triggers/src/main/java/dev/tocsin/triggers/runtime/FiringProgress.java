package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Reason;

/** How near to firing an entry brought one key of a trigger, or what it was that fired. */
public sealed interface FiringProgress {

  /** It says nothing of that. */
  FiringProgress NONE = new None();

  /** Nothing to say. */
  record None() implements FiringProgress {}

  /**
   * Expected events that count.
   *
   * @param counted so many, fewer than needed
   * @param needed the threshold
   */
  record Events(int counted, int needed) implements FiringProgress {}

  /**
   * An absence that did not come about: an expected event ended the silence in time.
   *
   * @param lasted how long nothing, or too little, had been seen, in microseconds
   * @param within how long it may, in microseconds
   */
  record Silence(long lasted, long within) implements FiringProgress {}

  /**
   * Children of a composite that have fired; of a sequence, the first that are held in order.
   *
   * @param fired so many, fewer than needed
   * @param needed how many the composite requires
   */
  record Triggers(int fired, int needed) implements FiringProgress {}

  /**
   * All that it takes was there.
   *
   * @param reason why the trigger fired, or resolved, or would have
   */
  record Complete(Reason reason) implements FiringProgress {}
}
