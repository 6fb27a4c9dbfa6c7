package dev.tocsin.triggers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fires when all of its children have fired within a time, in the declared order.
 *
 * @param triggers the children in order, at least one
 * @param within how far apart the first and the last firing may lie; null is no limit
 * @param forEach references that correlate the children; each child's {@code for_each} includes
 *     them
 * @param maxKeys the maximum number of keys with state
 */
public record SequenceTrigger(
    List<Trigger> triggers, @Nullable Duration within, List<LabelReference> forEach, int maxKeys)
    implements Trigger {

  /** Copies. Refuses every broken rule at once. */
  public SequenceTrigger {
    triggers = List.copyOf(triggers);
    forEach = EventTrigger.distinctReferences(forEach);
    List<Violation> violations = new ArrayList<>();
    CompoundTrigger.checkChildren(triggers, within, forEach, maxKeys, violations);
    if (!violations.isEmpty()) {
      throw new InvalidTriggerException(violations);
    }
  }
}
