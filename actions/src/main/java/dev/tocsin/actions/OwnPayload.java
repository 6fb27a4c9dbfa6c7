package dev.tocsin.actions;

import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.wire.EventJson;
import dev.tocsin.wire.EventReader;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fields of the payload of an own event: the only way to write one. Whatever a field contains came
 * from a sender, a receiver or a file; so each is made sound and bounded here. Names of fields are
 * distinct, and the payload is never nested deeper than {@link EventReader#MAX_RECORDED_DEPTH}: a
 * reader of recorded events accepts every event that was made with it.
 */
final class OwnPayload {

  /** Maximum length of a text in characters; a longer one is cut and ends with an ellipsis. */
  static final int MAX_TEXT = 10_000;

  /** Maximum number of texts in a list. */
  static final int MAX_TEXTS = 1_000;

  /** Of a larger event only id, name and instant are included. */
  static final int MAX_QUOTED_BYTES = 500_000;

  /** Labels with more characters are shortened. */
  static final int MAX_LABELS = 500_000;

  /** Maximum number of shortened labels. */
  static final int MAX_SHORT_LABELS = 100;

  /** Maximum length of the name and of the value of a shortened label. */
  static final int MAX_SHORT_LABEL = 500;

  /** Levels of the payload around that of the quoted event: its own object, and the event. */
  private static final int AROUND_QUOTED = 2;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final JsonGenerator json;

  private OwnPayload(JsonGenerator json) {
    this.json = json;
  }

  /** A payload with these fields. */
  static Payload of(Consumer<OwnPayload> fields) {
    return Payload.ofJson(json(fields));
  }

  /** The same as text. */
  static String json(Consumer<OwnPayload> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      fields.accept(new OwnPayload(json));
      json.writeEndObject();
    }
    return text.toString();
  }

  OwnPayload text(String name, @Nullable String value) {
    json.writeStringProperty(name, value == null ? null : cut(sound(value), MAX_TEXT));
    return this;
  }

  OwnPayload number(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  /** The first {@value #MAX_TEXTS} of these texts. */
  OwnPayload texts(String name, Iterable<String> values) {
    json.writeArrayPropertyStart(name);
    int count = 0;
    for (String value : values) {
      if (count++ < MAX_TEXTS) {
        json.writeString(cut(sound(value), MAX_TEXT));
      }
    }
    json.writeEndArray();
    return this;
  }

  /** Labels, or the beginnings of some of them if they are large. */
  OwnPayload labels(String name, Map<String, String> labels) {
    json.writeObjectPropertyStart(name);
    bounded(labels).forEach(json::writeStringProperty);
    json.writeEndObject();
    return this;
  }

  /** The event, or what names it if it is large or deep; null if it is unknown. */
  OwnPayload event(String name, @Nullable Event event) {
    json.writeName(name);
    if (event == null) {
      json.writeNull();
    } else if (canBeQuoted(event)) {
      EventJson.write(event, json);
    } else {
      json.writeStartObject();
      json.writeStringProperty("occurred", event.occurred().toString());
      json.writeStringProperty("event", event.name());
      json.writeStringProperty("id", event.id());
      json.writeEndObject();
    }
    return this;
  }

  private static boolean canBeQuoted(Event event) {
    return event.payload().size() <= MAX_QUOTED_BYTES
        && EventJson.depth(event.payload()) + AROUND_QUOTED <= EventReader.MAX_RECORDED_DEPTH
        && EventJson.write(event).length <= MAX_QUOTED_BYTES;
  }

  private static Map<String, String> bounded(Map<String, String> labels) {
    long length = 0;
    for (Map.Entry<String, String> label : labels.entrySet()) {
      length += label.getKey().length() + label.getValue().length();
    }
    boolean isLarge = length > MAX_LABELS;
    Map<String, String> bounded = new LinkedHashMap<>();
    labels.forEach(
        (name, value) -> {
          if (isLarge && bounded.size() < MAX_SHORT_LABELS) {
            bounded.putIfAbsent(
                cut(sound(name), MAX_SHORT_LABEL), cut(sound(value), MAX_SHORT_LABEL));
          } else if (!isLarge) {
            bounded.putIfAbsent(sound(name), sound(value));
          }
        });
    return bounded;
  }

  /** The text, with a replacement for what neither a label nor UTF-8 can contain. */
  static String sound(String text) {
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

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "…";
  }
}
