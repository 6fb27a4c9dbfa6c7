package dev.tocsin.engine.evaluation;

import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.triggers.runtime.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a declaration does to the automations in force, or would do.
 *
 * @param changes one for each automation, in the order declared, then one for each that is removed
 */
public record DeclarationPlan(List<AutomationChange> changes) {

  /** Copies. */
  public DeclarationPlan {
    changes = List.copyOf(changes);
  }

  /**
   * What becomes of one automation.
   *
   * @param automation as declared; as it was, if it is removed
   * @param fate of its state
   * @param before the id of the automation whose state it takes over, if that is another
   * @param isEdited whether anything of its definition is different
   * @param keys how many keys have state that is kept, or dropped
   */
  public record AutomationChange(
      Automation automation, Edit.Fate fate, @Nullable String before, boolean isEdited, int keys) {

    /** What becomes of its state. */
    public Edit.Change edit() {
      return new Edit.Change(automation.id(), fate, before);
    }

    /** Whether it continues exactly as it was. */
    public boolean isNone() {
      return fate == Edit.Fate.KEPT && !isEdited;
    }
  }

  /** Whether every automation continues exactly as it was. */
  public boolean isEmpty() {
    return changes.stream().allMatch(AutomationChange::isNone);
  }

  /** How many automations keep their state and their id. */
  public long kept() {
    return changes.stream().filter(change -> change.fate() == Edit.Fate.KEPT).count();
  }

  /**
   * The plan of an edit.
   *
   * @param keys how many keys of an automation that was in force before have state
   */
  public static DeclarationPlan of(
      Edit edit, AutomationSet before, AutomationSet after, ToIntFunction<String> keys) {
    List<AutomationChange> changes = new ArrayList<>();
    for (Edit.Change change : edit.changes()) {
      String origin = change.before() == null ? change.automation() : change.before();
      Automation was = before.find(origin);
      Automation becomes = after.find(change.automation());
      Automation shown = becomes == null ? was : becomes;
      if (shown != null) {
        boolean isEdited =
            was == null || becomes == null || !was.definition().equals(becomes.definition());
        changes.add(
            new AutomationChange(
                shown, change.fate(), change.before(), isEdited, keys.applyAsInt(origin)));
      }
    }
    return new DeclarationPlan(changes);
  }
}
