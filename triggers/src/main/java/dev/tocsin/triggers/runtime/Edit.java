package dev.tocsin.triggers.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a new list of declarations. An automation keeps its state if its trigger keeps its
 * meaning.
 *
 * @param changes one for each automation, in the order declared, then one for each removed
 */
public record Edit(List<Change> changes) {

  /** Copies. */
  public Edit {
    changes = List.copyOf(changes);
  }

  /** Whether every automation continues unchanged. */
  public boolean isEmpty() {
    return changes.stream().allMatch(change -> change.fate() == Fate.KEPT);
  }

  /** The automations that start without state. */
  Set<String> startingAnew() {
    Set<String> automations = new HashSet<>();
    for (Change change : changes) {
      switch (change.fate()) {
        case RESET, ADDED, SWITCHED_ON -> automations.add(change.automation());
        case KEPT, RENAMED, SWITCHED_OFF, REMOVED -> {}
      }
    }
    return automations;
  }

  /**
   * The effect on an automation.
   *
   * @param automation its id
   * @param before its previous id, if it was renamed
   */
  public record Change(String automation, Fate fate, @Nullable String before) {}

  /** The possible effects on an automation. */
  public enum Fate {
    /** It keeps all its state. */
    KEPT,
    /** It takes over the state of a removed id: the only one with the same meaning. */
    RENAMED,
    /** Its trigger has another meaning: its state is dropped, and it starts anew. */
    RESET,
    /** It is new. */
    ADDED,
    /** It was off, and starts anew. */
    SWITCHED_ON,
    /** It was on, and its state is dropped. */
    SWITCHED_OFF,
    /** It is removed with its state. */
    REMOVED
  }
}
