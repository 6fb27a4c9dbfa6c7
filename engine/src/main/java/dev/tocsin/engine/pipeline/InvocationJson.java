package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.AutomationReference;
import dev.tocsin.actions.FiringJson;
import dev.tocsin.actions.Invocation;
import dev.tocsin.config.ActionJson;
import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An invocation as it lies in the outbox: the automation and the action as they were when it fired,
 * so that an edit or a restart does not change what is still to be done.
 */
final class InvocationJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The part of an invocation that its firing and its event do not hold. */
  String write(Invocation invocation) {
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

  /** The invocation of a row of the outbox, its firing and its triggering event. */
  Invocation read(
      Store.StoredInvocation stored, Store.StoredFiring storedFiring, @Nullable Event event) {
    JsonNode body = MAPPER.readTree(stored.body());
    JsonNode reference = body.path("automation");
    List<String> tags = new ArrayList<>();
    reference.path("tags").forEach(tag -> tags.add(tag.asString()));
    AutomationReference automation =
        new AutomationReference(
            reference.path("id").asString(),
            reference.path("name").asString(),
            reference.path("description").asString(),
            tags,
            reference.path("posture").isNull() ? null : reference.path("posture").asString());
    Firing firing = FiringJson.read(storedFiring.body());
    return new Invocation(
        firing,
        automation,
        event,
        stored.index(),
        ActionJson.read(MAPPER.writeValueAsString(body.path("action"))));
  }
}
