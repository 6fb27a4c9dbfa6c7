package dev.tocsin.config;

import dev.tocsin.actions.Action;
import dev.tocsin.triggers.State;
import java.util.ArrayList;
import java.util.List;

/**
 * What an automation sets off.
 *
 * @param always carried out first when it triggers
 * @param onTrigger carried out next when it triggers
 * @param onResolve carried out when it resolves
 */
public record ActionLists(List<Action> always, List<Action> onTrigger, List<Action> onResolve) {

  /** Copies. */
  public ActionLists {
    always = List.copyOf(always);
    onTrigger = List.copyOf(onTrigger);
    onResolve = List.copyOf(onResolve);
  }

  /** No action. */
  public static final ActionLists NONE = new ActionLists(List.of(), List.of(), List.of());

  /** The actions of a change of state, in the order in which they are carried out and counted. */
  public List<Action> on(State state) {
    return switch (state) {
      case TRIGGERED -> {
        List<Action> both = new ArrayList<>(always);
        both.addAll(onTrigger);
        yield both;
      }
      case RESOLVED -> onResolve;
    };
  }

  /** Whether there is no action. */
  public boolean isEmpty() {
    return always.isEmpty() && onTrigger.isEmpty() && onResolve.isEmpty();
  }
}
