package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The engine's own events (semantics section 7), in the shapes of the Prefect documentation. Pure:
 * the same firing or outcome gives the same event, ids included. Nothing that a valid event, firing
 * or automation holds makes it throw. {@code received} is {@code occurred} until the intake sets
 * it.
 */
public final class ActionEvents {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final String TRIGGERING_EVENT = "triggering-event";
  private static final String STATE_CHANGE = "automation-triggered-event";

  private static final int MAX_NAMESPACE_LENGTH = 100;

  /** A larger triggering event is told by its id, name and instant only. */
  private static final int MAX_QUOTED_BYTES = 500_000;

  private static final int MAX_CAUSES = 20;

  private final String namespace;

  /** With a prefix of 1 to 100 letters, digits, dots, dashes and underscores. Refuses any other. */
  public ActionEvents(String namespace) {
    if (namespace.length() > MAX_NAMESPACE_LENGTH || !namespace.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "namespace must have 1 to 100 letters, digits, '.', '-' and '_', not '"
              + namespace
              + "'");
    }
    this.namespace = namespace;
  }

  /**
   * {@code <ns>.automation.triggered} or {@code .resolved}: a root firing's change of state.
   *
   * @param triggering the firing's event, where it is still known
   */
  public Event stateChange(
      Firing firing, AutomationReference automation, @Nullable Event triggering) {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(Resource.ID, automationResource(automation));
    resource.put(Resource.NAME, automation.name());
    putPosture(resource, automation);
    List<RelatedResource> related = new ArrayList<>();
    String eventId = firing.event();
    if (eventId != null) {
      related.add(eventResource(eventId, TRIGGERING_EVENT));
    }
    String kind = firing.state().label().toLowerCase(Locale.ROOT);
    return event(
        stateChangeId(firing),
        firing.triggered(),
        "automation." + kind,
        resource,
        related,
        json -> writeStateChange(firing, triggering, json),
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
        json -> {},
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
        json -> OutcomeJson.writeFields(outcome, json),
        triggeredId(invocation));
  }

  /**
   * {@code <ns>.automation.loop.detected}: a firing was held back because the chain of causes that
   * led to it is too deep. One id for an automation and its causes.
   *
   * @param causes ids of the events that led here, the nearest first; the first 20 are told
   */
  public Event loopDetected(AutomationReference automation, List<String> causes, Instant occurred) {
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(Resource.ID, automationResource(automation));
    resource.put(Resource.NAME, automation.name());
    putPosture(resource, automation);
    List<String> told = causes.subList(0, Math.min(causes.size(), MAX_CAUSES));
    List<RelatedResource> related = new ArrayList<>();
    told.forEach(cause -> related.add(eventResource(cause, "cause")));
    List<String> parts = new ArrayList<>(told);
    parts.addFirst(automation.id());
    return event(
        DerivedId.of("loop-detected", parts.toArray(String[]::new)),
        occurred,
        "automation.loop.detected",
        resource,
        related,
        json -> {
          json.writeArrayPropertyStart("causes");
          told.forEach(json::writeString);
          json.writeEndArray();
        },
        null,
        null);
  }

  private Event actionEvent(
      Invocation invocation,
      String id,
      Instant occurred,
      String kind,
      Consumer<JsonGenerator> details,
      String follows) {
    AutomationReference automation = invocation.automation();
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put(Resource.ID, automationResource(automation) + ".action." + invocation.index());
    resource.put(namespace + ".action.type", invocation.action().type());
    return event(
        id,
        occurred,
        "automation.action." + kind,
        resource,
        relatedTo(invocation),
        json -> {
          json.writeNumberProperty("action_index", invocation.index());
          json.writeStringProperty("action_type", invocation.action().type());
          json.writeStringProperty("invocation", invocation.id());
          details.accept(json);
        },
        follows,
        invocation.firing().causation());
  }

  private List<RelatedResource> relatedTo(Invocation invocation) {
    AutomationReference automation = invocation.automation();
    Map<String, String> owner = new LinkedHashMap<>();
    owner.put(Resource.ID, automationResource(automation));
    owner.put(RelatedResource.ROLE, "automation");
    owner.put(namespace + ".name", automation.name());
    putPosture(owner, automation);
    List<RelatedResource> related = new ArrayList<>();
    related.add(new RelatedResource(sound(owner)));
    String eventId = invocation.firing().event();
    if (eventId != null) {
      related.add(eventResource(eventId, TRIGGERING_EVENT));
    }
    related.add(eventResource(stateChangeId(invocation.firing()), STATE_CHANGE));
    return related;
  }

  private Event event(
      String id,
      Instant occurred,
      String name,
      Map<String, String> resource,
      List<RelatedResource> related,
      Consumer<JsonGenerator> payload,
      @Nullable String follows,
      @Nullable Causation causation) {
    Instant instant = withinTime(occurred);
    return new Event(
        id,
        instant,
        namespace + "." + name,
        new Resource(sound(resource)),
        related,
        payload(payload),
        follows,
        instant,
        causation);
  }

  /** A deadline may lie past the last instant that an event can have. */
  private static Instant withinTime(Instant instant) {
    Instant last = Event.END_OF_TIME.minusNanos(1_000);
    return instant.isAfter(last)
        ? last
        : instant.isBefore(Event.MIN_OCCURRED) ? Event.MIN_OCCURRED : instant;
  }

  private static void writeStateChange(
      Firing firing, @Nullable Event triggering, JsonGenerator json) {
    json.writeObjectPropertyStart("triggering_labels");
    firing.labels().forEach(json::writeStringProperty);
    json.writeEndObject();
    json.writeName("triggering_event");
    if (triggering == null) {
      json.writeNull();
    } else {
      writeQuoted(triggering, json);
    }
    json.writeStringProperty("reason", firing.reason().sentence());
    json.writeStringProperty("firing", firing.id());
  }

  private static void writeQuoted(Event event, JsonGenerator json) {
    byte[] whole = EventJson.write(event);
    if (whole.length <= MAX_QUOTED_BYTES) {
      EventJson.write(event, json);
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("occurred", event.occurred().toString());
    json.writeStringProperty("event", event.name());
    json.writeStringProperty("id", event.id());
    json.writeEndObject();
  }

  private static Payload payload(Consumer<JsonGenerator> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return Payload.ofJson(text.toString());
  }

  private String automationResource(AutomationReference automation) {
    return namespace + ".automation." + automation.id();
  }

  private void putPosture(Map<String, String> labels, AutomationReference automation) {
    String posture = automation.posture();
    if (posture != null) {
      labels.put(namespace + ".posture", posture);
    }
  }

  private static RelatedResource eventResource(String id, String role) {
    return RelatedResource.of(Resource.ID, "prefect.event." + id, RelatedResource.ROLE, role);
  }

  /** Names of automations come from files, which may hold what no label can. */
  private static Labels sound(Map<String, String> labels) {
    Map<String, String> sound = new LinkedHashMap<>();
    labels.forEach((name, value) -> sound.put(name, sound(value)));
    return Labels.of(sound);
  }

  private static String sound(String text) {
    if (CodePoints.areSound(text)) {
      return text;
    }
    StringBuilder sound = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == 0 || isSurrogate(c) ? '\uFFFD' : c)
        .forEach(sound::appendCodePoint);
    return sound.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
