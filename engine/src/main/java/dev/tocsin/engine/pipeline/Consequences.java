package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.ActionEvents;
import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.actions.AutomationReference;
import dev.tocsin.actions.Invocation;
import dev.tocsin.config.Automation;
import dev.tocsin.config.AutomationSet;
import dev.tocsin.engine.delivery.InvocationJson;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.Edit;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.wire.FiringJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a step of the triggers: rows for the store, and events of the engine's own.
 * Pure.
 */
final class Consequences {

  private final AutomationSet automations;
  private final ActionEvents events;
  private final AutomationEvents automationEvents;
  private final InvocationJson json;

  /** With a namespace of the engine's own events. */
  Consequences(AutomationSet automations, String namespace, InvocationJson json) {
    this.automations = automations;
    this.events = new ActionEvents(namespace);
    this.automationEvents = new AutomationEvents(namespace);
    this.json = json;
  }

  /** What follows from one firing. */
  record OfFiring(StoredFiring firing, List<StoredInvocation> invocations, List<Event> feedback) {}

  /**
   * The firing as stored, an invocation for each of its actions, and the events that tell of both.
   *
   * @param sequence of the entry that was evaluated
   * @param event the triggering event, where there is one and it is known
   * @param now when it was evaluated
   */
  OfFiring of(Firing firing, long sequence, @Nullable Event event, Instant now) {
    Automation automation = declared(firing.automation());
    AutomationReference reference = automation.reference();
    List<Event> feedback = new ArrayList<>();
    feedback.add(events.stateChange(firing, reference, event));
    List<StoredInvocation> invocations = new ArrayList<>();
    List<Action> actions = automation.actions().on(firing.state());
    for (int index = 0; index < actions.size(); index++) {
      Invocation invocation = new Invocation(firing, reference, event, index, actions.get(index));
      feedback.add(events.triggered(invocation, now));
      invocations.add(
          new StoredInvocation(
              0,
              invocation.id(),
              firing.id(),
              null,
              null,
              index,
              invocation.action().lane(),
              json.write(invocation)));
    }
    return new OfFiring(
        new StoredFiring(
            firing.id(),
            sequence,
            firing.automation(),
            firing.state().label(),
            firing.triggered(),
            firing.event(),
            FiringJson.write(firing)),
        invocations,
        feedback);
  }

  /** The event that says that a causal chain was cut. */
  Event of(Step.LoopStop loop, Instant now) {
    return events.loopDetected(
        declared(loop.automation()).reference(), List.of(loop.origin()), now);
  }

  /** The event that says when the engine could not see. */
  Event of(Submission.Blind blind) {
    return events.blind(blind.from(), blind.until(), blind.cause().label());
  }

  /** The event that tells how an invocation ended. */
  Event of(Submission.Completion completion) {
    return events.completed(completion.invocation(), completion.outcome(), completion.finished());
  }

  /** The event that tells of a key given up, at an engine clock. */
  Event of(Step.GivenUp givenUp, @Nullable Event cause, Instant now) {
    AutomationReference automation = declared(givenUp.automation()).reference();
    return automationEvents.keyGivenUp(givenUp, automation, cause, now);
  }

  /**
   * The events that tell of an edit: one for each automation that was not kept as it was.
   *
   * @param basis names what was edited
   */
  Stream<Event> of(Edit edit, String basis, Instant now) {
    long kept = edit.changes().stream().filter(change -> change.fate() == Edit.Fate.KEPT).count();
    return edit.changes().stream()
        .filter(change -> change.fate() != Edit.Fate.KEPT)
        .map(
            change -> {
              Automation automation = automations.find(change.automation());
              return automationEvents.edited(
                  change, automation == null ? null : automation.reference(), kept, basis, now);
            });
  }

  private Automation declared(String id) {
    Automation automation = automations.find(id);
    if (automation == null) {
      throw new IllegalStateException("automation " + id + " fired and is not declared");
    }
    return automation;
  }
}
