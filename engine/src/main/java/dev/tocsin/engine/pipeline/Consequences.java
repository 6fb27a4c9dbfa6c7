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

  /** A firing as stored. */
  StoredFiring firing(CommitBuilder.Following.Fired fired) {
    Firing firing = fired.firing();
    return new StoredFiring(
        firing.id(),
        fired.sequence(),
        firing.automation(),
        firing.state().label(),
        firing.triggered(),
        firing.event(),
        FiringJson.write(firing));
  }

  /** An invocation for each action of a firing, as stored. */
  List<StoredInvocation> invocations(CommitBuilder.Following.Fired fired) {
    String definition = fired.automation().definition().fingerprint();
    return invocations(fired, null).stream()
        .map(
            each ->
                new StoredInvocation(
                    0,
                    each.id(),
                    each.firing().id(),
                    definition,
                    each.index(),
                    each.action().lane()))
        .toList();
  }

  /**
   * The events that report a firing and its invocations.
   *
   * @param event the triggering event, if there is one and it is known
   */
  List<Event> feedback(CommitBuilder.Following.Fired fired, @Nullable Event event) {
    List<Event> feedback = new ArrayList<>();
    feedback.add(events.stateChange(fired.firing(), fired.automation().reference(), event));
    invocations(fired, event).forEach(each -> feedback.add(events.triggered(each, fired.now())));
    return feedback;
  }

  private static List<Invocation> invocations(
      CommitBuilder.Following.Fired fired, @Nullable Event event) {
    AutomationReference automation = fired.automation().reference();
    List<Invocation> invocations = new ArrayList<>();
    for (Action action : fired.actions()) {
      invocations.add(
          new Invocation(fired.firing(), automation, event, invocations.size(), action));
    }
    return invocations;
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

  /** The event that reports missing entries. */
  Event of(LastRun.LostEntries lost, Instant now) {
    return events.entriesLost(lost.first(), lost.last(), lost.noted(), now);
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
