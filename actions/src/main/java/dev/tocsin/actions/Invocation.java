package dev.tocsin.actions;

import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import org.jspecify.annotations.Nullable;

/**
 * One action of one firing, to be carried out.
 *
 * @param firing what set it off
 * @param automation whose action it is
 * @param event the triggering event, if there was one and it is still known
 * @param index place in the lists that are carried out, from 0
 * @param action what to do
 */
public record Invocation(
    Firing firing,
    AutomationReference automation,
    @Nullable Event event,
    int index,
    Action action) {

  /** The same without its event, which can be large. */
  Invocation withoutEvent() {
    return new Invocation(firing, automation, null, index, action);
  }

  /** Derived from firing and index: the same for every attempt, restart and replay. */
  public String id() {
    return DerivedId.of("invocation", firing.id(), Integer.toString(index));
  }
}
