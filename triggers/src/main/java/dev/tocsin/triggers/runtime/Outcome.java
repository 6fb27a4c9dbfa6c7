package dev.tocsin.triggers.runtime;

/** What an event did to one key of a trigger that it is covered by. */
public enum Outcome {
  /** It counts, and the threshold is not reached. */
  COUNTED,
  /** A trigger of the composite fired, and the composite still waits for others. */
  ADVANCED,
  /** It counts, and the trigger fires. */
  FIRED,
  /** The trigger would have fired, but the causal chain is too deep. */
  LOOP_STOPPED,
  /** It is the first of a key that is watched from now on. */
  ARMED,
  /** It counts, and moves the deadline or closes the window: nothing is absent. */
  SATISFIED,
  /** It counts, and ends an absence that had fired. */
  RESOLVED,
  /** It opened a window. */
  OPENED,
  /** No event, but a deadline: nothing fires, since the engine could not see all of the window. */
  SUPPRESSED,
  /** It is in {@code after}, and a window is open already or it occurred before its start. */
  ALREADY_OPEN,
  /** It is expected, and no window is open for it. */
  NOT_OPEN,
  /** It lies in the quiet time after a firing. */
  QUIET,
  /** It is too old for the window of the newest counted event. */
  LATE,
  /** It matches, but {@code where} is false. */
  CONDITION_FALSE,
  /** It matches, but {@code where} could not be evaluated, which counts as false. */
  CONDITION_FAULTY
}
