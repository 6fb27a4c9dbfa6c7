package dev.tocsin.engine.delivery;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.AutomationReference;
import dev.tocsin.actions.Invocation;
import dev.tocsin.config.ActionJson;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.wire.FiringJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An invocation as it lies in the outbox: the automation and the action as they were when it fired,
 * so that an edit or a restart does not change what is still to be done.
 */
public final class InvocationJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The part of an invocation that its firing and its event do not hold. */
  public String write(Invocation invocation) {
    ObjectNode body = MAPPER.createObjectNode();
    AutomationReference automation = invocation.automation();
    ObjectNode reference = body.putObject("automation");
    reference.put("id", automation.id());
    reference.put("name", automation.name());
    reference.put("description", automation.description());
    automation.tags().forEach(reference.putArray("tags")::add);
    reference.put("posture", automation.posture());
    body.set("action", MAPPER.readTree(ActionJson.write(invocation.action())));
    return MAPPER.writeValueAsString(body);
  }

  /**
   * The invocation of a row of the outbox, its firing and its triggering event.
   *
   * @throws IllegalArgumentException where one of them is missing or cannot be read
   */
  Invocation read(
      StoredInvocation stored, @Nullable StoredFiring storedFiring, @Nullable Event event) {
    if (storedFiring == null) {
      throw new IllegalArgumentException("its firing " + stored.firing() + " is not in the store");
    }
    Firing firing = FiringJson.read(storedFiring.body());
    try {
      JsonNode body = MAPPER.readTree(stored.body());
      Action action = ActionJson.read(MAPPER.writeValueAsString(body.path("action")));
      return new Invocation(firing, automation(body), event, stored.index(), action);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("its text in the store is damaged: " + e.getMessage(), e);
    }
  }

  private static AutomationReference automation(JsonNode body) {
    JsonNode reference = body.required("automation");
    List<String> tags = new ArrayList<>();
    reference.path("tags").forEach(tag -> tags.add(tag.asString()));
    JsonNode posture = reference.path("posture");
    return new AutomationReference(
        reference.required("id").asString(),
        reference.path("name").asString(),
        reference.path("description").asString(),
        tags,
        posture.isString() ? posture.asString() : null);
  }

  /**
   * What is left of an invocation that {@link #read} refuses: enough to end it and to tell of it.
   */
  Invocation unreadable(StoredInvocation stored, @Nullable StoredFiring firing, String reason) {
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
        new Action.Unreadable("the stored action cannot be carried out: " + reason));
  }
}
