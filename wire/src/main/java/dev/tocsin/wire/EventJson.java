package dev.tocsin.wire;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as the JSON that Prefect serves: {@code occurred, event, resource, related, payload, id,
 * follows, received}, times in UTC. The payload is copied byte by byte.
 */
public final class EventJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Maximum number of characters of a number that is computed with; reading more takes long. */
  private static final int MAX_NUMBER_LENGTH = 1_000;

  private EventJson() {}

  /** The event as one JSON object in UTF-8, without a line break. */
  public static byte[] write(Event event) {
    return withReceived(body(event), event.received());
  }

  /** Writes the event as one JSON object at the generator's position. */
  public static void write(Event event, JsonGenerator json) {
    json.writeStartObject();
    writeBody(event, json);
    json.writeStringProperty("received", event.received().toString());
    json.writeEndObject();
  }

  /** Writes JSON that is an event already, as {@link #write(Event)} returns it. */
  public static void write(byte[] event, JsonGenerator json) {
    RawJson.write(event, json);
  }

  /** The event without {@code received}, which may still change. */
  static byte[] body(Event event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512 + event.payload().size());
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      writeBody(event, json);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /**
   * The whole event from what {@link EncodedEvent#body} holds of it. Parses nothing.
   *
   * @param body one JSON object with at least one field, without {@code received}
   */
  public static byte[] withReceived(byte[] body, Instant received) {
    byte[] end = (",\"received\":\"" + received + "\"}").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(body, body.length - 1 + end.length);
    System.arraycopy(end, 0, whole, body.length - 1, end.length);
    return whole;
  }

  /** How many levels of arrays and objects a payload has; 1 if it contains none. */
  public static int depth(Payload payload) {
    int depth = 0;
    int max = 0;
    boolean isInText = false;
    byte[] json = payload.json();
    for (int i = 0; i < json.length; i++) {
      switch (json[i]) {
        case '\\' -> i++; // only in a text
        case '"' -> isInText = !isInText;
        case '{', '[' -> {
          depth += isInText ? 0 : 1;
          max = Math.max(max, depth);
        }
        case '}', ']' -> depth -= isInText ? 0 : 1;
        default -> {}
      }
    }
    return max;
  }

  /** The payload, parsed. */
  public static JsonNode parse(Payload payload) {
    return StoredJson.reader().readTree(payload.json());
  }

  /**
   * The payload as plain maps, lists, strings, numbers, booleans and nulls. A whole number is an
   * {@link Integer}, {@link Long} or {@link BigInteger}; another number is a {@link BigDecimal}
   * with the digits that came. A number too long or too large for that is its text.
   */
  public static Map<String, @Nullable Object> plain(Payload payload) {
    try (JsonParser json = StoredJson.reader().createParser(payload.json())) {
      return json.nextToken() == JsonToken.START_OBJECT ? plainMap(json) : new LinkedHashMap<>();
    }
  }

  private static Map<String, @Nullable Object> plainMap(JsonParser json) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, plainValue(json));
    }
    return fields;
  }

  private static @Nullable Object plainValue(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> plainMap(json);
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          items.add(plainValue(json));
        }
        yield items;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> json.getString();
    };
  }

  private static Object number(JsonParser json) {
    if (json.getStringLength() > MAX_NUMBER_LENGTH) {
      return json.getString();
    }
    try {
      return json.currentToken() == JsonToken.VALUE_NUMBER_INT
          ? json.getNumberValue()
          : json.getDecimalValue();
    } catch (JacksonException | ArithmeticException | NumberFormatException tooLarge) {
      return json.getString();
    }
  }

  private static void writeBody(Event event, JsonGenerator json) {
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
    RawJson.write(event.payload().json(), json);
    json.writeStringProperty("id", event.id());
    json.writeStringProperty("follows", event.follows());
  }

  private static void write(Labels labels, JsonGenerator json) {
    json.writeStartObject();
    labels.forEach(json::writeStringProperty);
    json.writeEndObject();
  }
}
