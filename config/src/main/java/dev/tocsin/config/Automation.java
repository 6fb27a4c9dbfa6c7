package dev.tocsin.config;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.AutomationReference;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.Trigger;
import java.util.ArrayList;
import java.util.List;

/**
 * A trigger and what it sets off, as declared.
 *
 * @param id given, or derived from the name
 * @param enabled false: takes nothing in and fires nothing
 * @param actions carried out first when it triggers
 * @param actionsOnTrigger carried out next when it triggers
 * @param actionsOnResolve carried out when it resolves
 */
public record Automation(
    String id,
    String name,
    String description,
    boolean enabled,
    List<String> tags,
    Trigger trigger,
    List<Action> actions,
    List<Action> actionsOnTrigger,
    List<Action> actionsOnResolve) {

  /** Copies. */
  public Automation {
    tags = List.copyOf(tags);
    actions = List.copyOf(actions);
    actionsOnTrigger = List.copyOf(actionsOnTrigger);
    actionsOnResolve = List.copyOf(actionsOnResolve);
  }

  /** The actions of a change of state, in the order in which they are carried out and counted. */
  public List<Action> actionsOn(State state) {
    return switch (state) {
      case TRIGGERED -> {
        List<Action> both = new ArrayList<>(actions);
        both.addAll(actionsOnTrigger);
        yield both;
      }
      case RESOLVED -> actionsOnResolve;
    };
  }

  /** What its actions and their events say of it. */
  public AutomationReference reference() {
    String posture = trigger instanceof EventTrigger event ? event.posture().label() : null;
    return new AutomationReference(id, name, description, tags, posture);
  }
}
