package dev.tocsin.triggers;

/** What an absence does whose window the engine could not wholly see (semantics section 9). */
public enum OnBlind {
  /** The window lasts longer by as much as was blind inside it. */
  EXTEND,
  /** It fires with its own deadline, marked as blind. */
  FIRE,
  /** Nothing fires; the watch goes on. */
  SUPPRESS
}
