package dev.tocsin.config;

import dev.tocsin.actions.AutomationReference;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Trigger;
import java.util.List;

/**
 * A trigger and what it sets off, ready to run.
 *
 * @param id as declared, or derived from the name
 * @param enabled false: evaluates no event and fires nothing
 * @param definition what it was read from
 */
public record Automation(
    String id,
    String name,
    String description,
    boolean enabled,
    List<String> tags,
    Trigger trigger,
    ActionLists actions,
    Definition definition) {

  /** Copies. */
  public Automation {
    tags = List.copyOf(tags);
  }

  /** The part of it that its actions and their events mention. */
  public AutomationReference reference() {
    String posture = trigger instanceof EventTrigger event ? event.posture().label() : null;
    return new AutomationReference(id, name, description, tags, posture);
  }
}
