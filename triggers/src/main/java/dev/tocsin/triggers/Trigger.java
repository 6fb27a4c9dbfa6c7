package dev.tocsin.triggers;

import java.time.Duration;
import java.util.List;

/**
 * What to watch for: single events ({@link EventTrigger}), or firings of other triggers ({@link
 * CompoundTrigger}, {@link SequenceTrigger}).
 */
public sealed interface Trigger permits EventTrigger, CompoundTrigger, SequenceTrigger {

  /** The maximum of every duration of a trigger. */
  Duration MAX_DURATION = Duration.ofDays(3_660);

  /** The references whose values make the bucketing key, distinct, ordered by code points. */
  List<LabelReference> forEach();

  /**
   * A fingerprint of everything that decides when this trigger fires, and of nothing else: equal
   * for equal meanings, in every process. An edit keeps the state of a trigger if it stays equal.
   */
  default String meaning() {
    return new TriggerFingerprint().of(this);
  }
}
