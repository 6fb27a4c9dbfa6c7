package dev.tocsin.engine.delivery;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.AutomationReference;
import dev.tocsin.actions.Invocation;
import dev.tocsin.config.Automation;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.wire.FiringJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Invocations of the outbox. Each refers to the definition of the automation that fired, so an edit
 * or a restart does not change what it has to do.
 */
final class Invocations {

  private final Automations automations;

  Invocations(Automations automations) {
    this.automations = automations;
  }

  /**
   * The invocation of a row of the outbox, its firing and its triggering event. May block on the
   * store.
   *
   * @throws IllegalArgumentException if one of them or the definition is missing or cannot be read
   */
  Invocation of(
      StoredInvocation stored, @Nullable StoredFiring storedFiring, @Nullable Event event) {
    if (storedFiring == null) {
      throw new IllegalArgumentException("its firing " + stored.firing() + " is not in the store");
    }
    Firing firing = FiringJson.read(storedFiring.body());
    Automation automation = automations.ofDefinition(stored.definition());
    List<Action> actions = automation.actions().on(firing.state());
    if (stored.index() < 0 || stored.index() >= actions.size()) {
      throw new IllegalArgumentException("its definition has no action " + stored.index());
    }
    return new Invocation(
        firing, automation.reference(), event, stored.index(), actions.get(stored.index()));
  }

  /**
   * What is left of an invocation that {@link #of} refuses: enough to end it and to report it.
   *
   * @param reason why it is refused
   */
  static Invocation unreadable(
      StoredInvocation stored, @Nullable StoredFiring firing, String reason) {
    String automation = firing == null ? "unknown" : firing.automation();
    return new Invocation(
        new Firing(
            stored.firing(),
            automation,
            State.TRIGGERED,
            firing == null ? Instant.EPOCH : firing.triggered(),
            Map.of(),
            firing == null ? null : firing.event(),
            List.of(),
            new Reason.Matched("unknown"),
            new Causation(1, stored.firing())),
        new AutomationReference(automation, automation, "", List.of(), null),
        null,
        stored.index(),
        new Action.Unreadable("the stored action cannot be executed: " + reason));
  }
}
