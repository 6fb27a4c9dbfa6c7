package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own events of firings, actions, loops and blind intervals, in the shapes of the
 * Prefect documentation. Pure: the same firing or outcome results in the same event, ids included.
 * No valid event, firing or automation makes it throw. {@code received} is {@code occurred} until
 * the intake sets it.
 */
public final class ActionEvents {

  private static final String TRIGGERING_EVENT = "triggering-event";
  private static final String LOOP_DETECTED = "automation.loop.detected";
  private static final String STATE_CHANGE = "automation-triggered-event";

  private static final int MAX_CAUSES = 20;

  private final OwnEvents own;

  /** With a prefix of 1 to 100 letters, digits, dots, dashes and underscores. Refuses any other. */
  public ActionEvents(String namespace) {
    this.own = new OwnEvents(namespace);
  }

  /**
   * {@code <ns>.automation.triggered} or {@code .resolved}: a root firing's change of state.
   *
   * @param triggering the firing's event, if it is still known
   */
  public Event stateChange(
      Firing firing, AutomationReference automation, @Nullable Event triggering) {
    List<RelatedResource> related = new ArrayList<>();
    String eventId = firing.event();
    if (eventId != null) {
      related.add(OwnEvents.eventResource(eventId, TRIGGERING_EVENT));
    }
    String kind = firing.state().label().toLowerCase(Locale.ROOT);
    return own.event(
        stateChangeId(firing),
        firing.triggered(),
        "automation." + kind,
        own.resource(automation),
        related,
        payload ->
            payload
                .labels("triggering_labels", firing.labels())
                .event("triggering_event", triggering)
                .text("reason", firing.reason().sentence())
                .text("firing", firing.id()),
        null,
        firing.causation());
  }

  /** The id of {@link #stateChange} of a firing. */
  public static String stateChangeId(Firing firing) {
    return DerivedId.of("state-change", firing.id());
  }

  /** {@code <ns>.automation.action.triggered}: an action is about to be carried out. */
  public Event triggered(Invocation invocation, Instant occurred) {
    return actionEvent(
        invocation,
        triggeredId(invocation),
        occurred,
        "triggered",
        _ -> {},
        stateChangeId(invocation.firing()));
  }

  private static String triggeredId(Invocation invocation) {
    return DerivedId.of("action-triggered", invocation.id());
  }

  /** {@code <ns>.automation.action.executed} or {@code .failed}: how it ended. Both have one id. */
  public Event completed(Invocation invocation, ActionOutcome outcome, Instant occurred) {
    String kind =
        switch (outcome) {
          case Executed executed -> "executed";
          case Failed failed -> "failed";
        };
    return actionEvent(
        invocation,
        DerivedId.of("action-completed", invocation.id()),
        occurred,
        kind,
        payload -> OutcomeJson.writeFields(outcome, payload),
        triggeredId(invocation));
  }

  /**
   * {@code <ns>.automation.loop.detected}: a firing was held back because the chain of causes that
   * led to it is too deep. One id for an automation and its causes.
   *
   * @param causes ids of the events that led here, the nearest first; the first 20 are included
   */
  public Event loopDetected(AutomationReference automation, List<String> causes, Instant occurred) {
    List<String> told = causes.subList(0, Math.min(causes.size(), MAX_CAUSES));
    List<RelatedResource> related = new ArrayList<>();
    told.forEach(cause -> related.add(OwnEvents.eventResource(cause, "cause")));
    List<String> parts = new ArrayList<>(told);
    parts.addFirst(automation.id());
    return own.event(
        DerivedId.of("loop-detected", parts.toArray(String[]::new)),
        occurred,
        LOOP_DETECTED,
        own.resource(automation),
        related,
        payload -> payload.texts("causes", told),
        null,
        null);
  }

  /** Whether an event has the name of those that {@link #loopDetected} makes. */
  public boolean isLoopDetected(Event event) {
    return own.isNamed(LOOP_DETECTED, event);
  }

  /**
   * {@code <ns>.engine.blind}: the engine could not see, and absences follow their {@code
   * on_blind}. One id for an interval and its cause.
   *
   * @param until may be in the future
   * @param cause one word
   */
  public Event blind(Instant from, Instant until, String cause) {
    return own.event(
        DerivedId.of("blind", from.toString(), until.toString(), cause),
        from,
        "engine.blind",
        Map.of(Resource.ID, own.label("engine")),
        List.of(),
        payload ->
            payload
                .text("from", from.toString())
                .text("until", until.toString())
                .text("cause", cause),
        null,
        null);
  }

  /**
   * {@code <ns>.engine.entries.lost}: a start found that the end of the journal is missing.
   *
   * @param first the first missing entry
   * @param last the last entry that is known to have been there
   * @param noted when it was there
   * @param now when that was found
   */
  public Event entriesLost(long first, long last, Instant noted, Instant now) {
    return own.event(
        DerivedId.of("entries-lost", Long.toString(first), Long.toString(last), noted.toString()),
        now,
        "engine.entries.lost",
        Map.of(Resource.ID, own.label("engine")),
        List.of(),
        payload ->
            payload.number("first", first).number("last", last).text("noted", noted.toString()),
        null,
        null);
  }

  private Event actionEvent(
      Invocation invocation,
      String id,
      Instant occurred,
      String kind,
      Consumer<OwnPayload> details,
      String follows) {
    AutomationReference automation = invocation.automation();
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(Resource.ID, own.resourceId(automation.id()) + ".action." + invocation.index());
    resource.put(own.label("action.type"), invocation.action().type());
    return own.event(
        id,
        occurred,
        "automation.action." + kind,
        resource,
        relatedTo(invocation),
        payload -> {
          payload
              .number("action_index", invocation.index())
              .text("action_type", invocation.action().type())
              .text("invocation", invocation.id());
          details.accept(payload);
        },
        follows,
        invocation.firing().causation());
  }

  private List<RelatedResource> relatedTo(Invocation invocation) {
    AutomationReference automation = invocation.automation();
    Map<String, String> owner = new LinkedHashMap<>();
    owner.put(Resource.ID, own.resourceId(automation.id()));
    owner.put(RelatedResource.ROLE, "automation");
    owner.put(own.label("name"), automation.name());
    own.putPosture(owner, automation);
    List<RelatedResource> related = new ArrayList<>();
    related.add(new RelatedResource(OwnEvents.sound(owner)));
    String eventId = invocation.firing().event();
    if (eventId != null) {
      related.add(OwnEvents.eventResource(eventId, TRIGGERING_EVENT));
    }
    related.add(OwnEvents.eventResource(stateChangeId(invocation.firing()), STATE_CHANGE));
    return related;
  }
}
