package dev.tocsin.triggers;

import java.time.Duration;
import java.util.List;

/**
 * What to watch for: single events ({@link EventTrigger}), or firings of other triggers ({@link
 * CompoundTrigger}, {@link SequenceTrigger}).
 */
public sealed interface Trigger permits EventTrigger, CompoundTrigger, SequenceTrigger {

  /** Longest time that any field of a trigger may give. */
  Duration MAX_DURATION = Duration.ofDays(3_660);

  /** The references whose values make the bucketing key, distinct, ordered by code points. */
  List<LabelReference> forEach();

  /**
   * A fingerprint of all that decides when this trigger fires, and of nothing else: equal for equal
   * meanings, across processes and versions. State is kept by it (semantics section 9).
   */
  default String meaning() {
    return new TriggerFingerprint().of(this);
  }
}
