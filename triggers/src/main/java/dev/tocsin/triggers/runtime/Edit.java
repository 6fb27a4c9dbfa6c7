package dev.tocsin.triggers.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new list of declarations did to the automations (semantics section 9).
 *
 * @param changes one for each automation, in the order declared, then one for each that is gone
 */
public record Edit(List<Change> changes) {

  /** Copies. */
  public Edit {
    changes = List.copyOf(changes);
  }

  /** Whether every automation goes on as it was. */
  public boolean isEmpty() {
    return changes.stream().allMatch(change -> change.fate() == Fate.KEPT);
  }

  /**
   * What became of an automation.
   *
   * @param automation its id
   * @param before the id that it had, where that is another
   */
  public record Change(String automation, Fate fate, @Nullable String before) {}

  /** What can become of an automation. */
  public enum Fate {
    /** It goes on with all its state. */
    KEPT,
    /** It goes on with the state of one whose id is gone: the only one with this meaning. */
    RENAMED,
    /** Its trigger means something else: its state is dropped, and it starts anew. */
    RESET,
    /** It is new. */
    ADDED,
    /** It was off, and starts anew. */
    SWITCHED_ON,
    /** It was on, and its state is dropped. */
    SWITCHED_OFF,
    /** It is gone, and so is its state. */
    REMOVED
  }
}
