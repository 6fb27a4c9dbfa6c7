package dev.tocsin.triggers;

/** What happens at the deadline of an absence if its window was partly blind. */
public enum OnBlind {
  /** The window is extended by the blind time in it. */
  EXTEND,
  /** It fires at its deadline, marked as partly blind. */
  FIRE,
  /** Nothing fires; the watch continues. */
  SUPPRESS
}
