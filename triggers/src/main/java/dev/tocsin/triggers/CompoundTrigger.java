package dev.tocsin.triggers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fires when enough of its children have fired within a time, in any order.
 *
 * @param triggers the children, at least one
 * @param require how many of them, 1 to their number
 * @param within how far apart their firings may lie; null is no limit
 * @param forEach references that correlate the children; each child's {@code for_each} includes
 *     them
 * @param maxKeys the maximum number of keys with state
 */
public record CompoundTrigger(
    List<Trigger> triggers,
    int require,
    @Nullable Duration within,
    List<LabelReference> forEach,
    int maxKeys)
    implements Trigger {

  /** Copies. Refuses every broken rule at once. */
  public CompoundTrigger {
    triggers = List.copyOf(triggers);
    forEach = EventTrigger.distinctReferences(forEach);
    List<Violation> violations = new ArrayList<>();
    checkChildren(triggers, within, forEach, maxKeys, violations);
    if (!triggers.isEmpty() && (require < 1 || require > triggers.size())) {
      violations.add(
          new Violation(
              "require",
              "must be any, all or 1 to " + triggers.size() + " (its triggers), not " + require));
    }
    if (!violations.isEmpty()) {
      throw new InvalidTriggerException(violations);
    }
  }

  static void checkChildren(
      List<Trigger> triggers,
      @Nullable Duration within,
      List<LabelReference> forEach,
      int maxKeys,
      List<Violation> violations) {
    if (triggers.isEmpty()) {
      violations.add(new Violation("triggers", "must contain at least one trigger"));
    }
    if (within != null) {
      EventTrigger.checkDuration("within", within, violations);
    }
    if (maxKeys < 1) {
      violations.add(new Violation("max_keys", "must be 1 or more, not " + maxKeys));
    }
    for (int i = 0; i < triggers.size(); i++) {
      if (!triggers.get(i).forEach().containsAll(forEach)) {
        violations.add(
            new Violation(
                "triggers[" + i + "].for_each",
                "must include those of the composite: expected "
                    + EventTrigger.texts(forEach)
                    + ", found "
                    + EventTrigger.texts(triggers.get(i).forEach())));
      }
    }
  }
}
