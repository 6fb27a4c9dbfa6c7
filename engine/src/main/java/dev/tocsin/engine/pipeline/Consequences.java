package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.ActionEvents;
import dev.tocsin.actions.AutomationEvents;
import dev.tocsin.actions.AutomationReference;
import dev.tocsin.actions.Invocation;
import dev.tocsin.config.Automation;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.engine.store.UnreadableRow;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
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

  private final ActionEvents events;
  private final AutomationEvents automationEvents;

  /** With a namespace of the engine's own events. */
  Consequences(String namespace) {
    this.events = new ActionEvents(namespace);
    this.automationEvents = new AutomationEvents(namespace);
  }

  /** What follows from one firing. */
  record OfFiring(StoredFiring firing, List<StoredInvocation> invocations, List<Event> feedback) {}

  /**
   * The firing as stored, an invocation for each of its actions, and the events that report both.
   *
   * @param automation that fired, as it was in force then
   * @param sequence of the entry that was evaluated
   * @param event the triggering event, if there is one and it is known
   * @param now when it was evaluated
   */
  OfFiring of(
      Firing firing, Automation automation, long sequence, @Nullable Event event, Instant now) {
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
              automation.definition().fingerprint(),
              index,
              invocation.action().lane()));
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

  /** The event that reports that a causal chain was cut. */
  Event of(Step.LoopStop loop, Automation automation, Instant now) {
    return events.loopDetected(automation.reference(), List.of(loop.origin()), now);
  }

  /** The event that reports a blind interval. */
  Event of(Submission.BlindPeriod blind) {
    return events.blind(blind.from(), blind.until(), blind.cause().label());
  }

  /** The event that reports a row of the store that cannot be read. */
  Event of(UnreadableRow row, Instant now) {
    return automationEvents.rowUnreadable(row.table(), row.key(), row.reason(), now);
  }

  /** The event that reports how an invocation ended. */
  Event of(Submission.Completion completion) {
    return events.completed(completion.invocation(), completion.outcome(), completion.finished());
  }

  /** The event that reports an evicted key, at an engine clock. */
  Event of(Step.Eviction eviction, Automation automation, @Nullable Event cause, Instant now) {
    return automationEvents.keyEvicted(eviction, automation.reference(), cause, now);
  }

  /**
   * The events that report a declaration: one for each automation that it changes.
   *
   * @param by who declared, and by what
   * @param basis names the declaration: the same one results in the same events
   */
  Stream<Event> of(DeclarationPlan plan, String by, String basis, Instant now) {
    long kept = plan.kept();
    return plan.changes().stream()
        .filter(change -> !change.isNone())
        .map(
            change ->
                automationEvents.edited(
                    change.edit(), change.automation().reference(), kept, by, basis, now));
  }
}
