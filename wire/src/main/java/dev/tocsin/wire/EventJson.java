package dev.tocsin.wire;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as the JSON that Prefect serves: {@code occurred, event, resource, related, payload, id,
 * follows, received}, times in UTC. The payload goes out as the bytes that came in.
 */
public final class EventJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EventJson() {}

  /** The event as one JSON object in UTF-8, without line breaks outside its payload. */
  public static byte[] write(Event event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512 + event.payload().size());
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      write(event, json);
    }
    return out.toByteArray();
  }

  /** Writes the event as one JSON object where the generator stands. */
  public static void write(Event event, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("occurred", event.occurred().toString());
    json.writeStringProperty("event", event.name());
    json.writeName("resource");
    write(event.resource().labels(), json);
    json.writeArrayPropertyStart("related");
    for (RelatedResource related : event.related()) {
      write(related.labels(), json);
    }
    json.writeEndArray();
    json.writeName("payload");
    json.writeRawValue(event.payload().toString());
    json.writeStringProperty("id", event.id());
    json.writeStringProperty("follows", event.follows());
    json.writeStringProperty("received", event.received().toString());
    json.writeEndObject();
  }

  /** The payload, parsed. */
  public static JsonNode parse(Payload payload) {
    return MAPPER.readTree(payload.json());
  }

  /** The payload as plain maps, lists, strings, numbers, booleans and nulls. */
  public static Map<String, Object> plain(Payload payload) {
    Object value = MAPPER.readValue(payload.json(), Object.class);
    Map<String, Object> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, field) -> fields.put(String.valueOf(name), field));
    }
    return fields;
  }

  private static void write(Labels labels, JsonGenerator json) {
    json.writeStartObject();
    labels.forEach(json::writeStringProperty);
    json.writeEndObject();
  }
}
