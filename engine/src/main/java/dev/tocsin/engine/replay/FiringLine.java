package dev.tocsin.engine.replay;

import dev.tocsin.config.Automation;
import dev.tocsin.triggers.Firing;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A firing as a line of JSON: {@code {automation, triggered, state, labels, event}}.
 *
 * @param automation name of the automation
 * @param event id of the triggering event, or null
 */
public record FiringLine(
    String automation,
    String triggered,
    String state,
    Map<String, String> labels,
    @Nullable String event) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The line of a firing of an automation. */
  public static FiringLine of(Automation automation, Firing firing) {
    return new FiringLine(
        automation.name(),
        firing.triggered().toString(),
        firing.state().label(),
        firing.labels(),
        firing.event());
  }

  /** The line as a JSON object, to which more may be added. */
  public ObjectNode toJson() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("automation", automation);
    json.put("triggered", triggered);
    json.put("state", state);
    ObjectNode object = json.putObject("labels");
    labels.forEach(object::put);
    json.put("event", event);
    return json;
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
