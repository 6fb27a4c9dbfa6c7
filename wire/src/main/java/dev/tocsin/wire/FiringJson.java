package dev.tocsin.wire;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes a firing as one JSON object, as it is stored, and reads it back. */
public final class FiringJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private FiringJson() {}

  /** The firing as JSON, with all its fields. */
  public static String write(Firing firing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      write(firing, json);
    }
    return text.toString();
  }

  /** A component that is added to a firing does not compile until it is written here. */
  private static void write(Firing firing, JsonGenerator json) {
    switch (firing) {
      case Firing(
              var id,
              var automation,
              var state,
              var triggered,
              var labels,
              var event,
              var children,
              var reason,
              Causation(int depth, var origin)) -> {
        json.writeStartObject();
        json.writeStringProperty("id", id);
        json.writeStringProperty("automation", automation);
        json.writeStringProperty("state", state.label());
        json.writeStringProperty("triggered", triggered.toString());
        json.writeObjectPropertyStart("labels");
        labels.forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeStringProperty("event", event);
        json.writeArrayPropertyStart("children");
        children.forEach(child -> write(child, json));
        json.writeEndArray();
        write(reason, json);
        json.writeObjectPropertyStart("causation");
        json.writeNumberProperty("depth", depth);
        json.writeStringProperty("origin", origin);
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }

  private static void write(Firing.Child child, JsonGenerator json) {
    switch (child) {
      case Firing.Child(var id, var triggered, var event) -> {
        json.writeStartObject();
        json.writeStringProperty("id", id);
        json.writeStringProperty("triggered", triggered.toString());
        json.writeStringProperty("event", event);
        json.writeEndObject();
      }
    }
  }

  private static void write(Reason reason, JsonGenerator json) {
    json.writeObjectPropertyStart("reason");
    switch (reason) {
      case Reason.Matched(String eventName) -> {
        json.writeStringProperty("type", "matched");
        json.writeStringProperty("event", eventName);
      }
      case Reason.Counted(int count, Instant since, Instant until, Duration within) -> {
        json.writeStringProperty("type", "counted");
        json.writeNumberProperty("count", count);
        json.writeStringProperty("since", since.toString());
        json.writeStringProperty("until", until.toString());
        json.writeStringProperty("within", within.toString());
      }
      case Reason.Followed(int count, Instant opened, Instant last, Duration within) -> {
        json.writeStringProperty("type", "followed");
        json.writeNumberProperty("count", count);
        json.writeStringProperty("opened", opened.toString());
        json.writeStringProperty("last", last.toString());
        json.writeStringProperty("within", within.toString());
      }
      case Reason.Absent(
              int seen,
              int threshold,
              Instant deadline,
              Duration within,
              var since,
              var blind) -> {
        json.writeStringProperty("type", "absent");
        json.writeNumberProperty("seen", seen);
        json.writeNumberProperty("threshold", threshold);
        json.writeStringProperty("deadline", deadline.toString());
        json.writeStringProperty("within", within.toString());
        json.writeStringProperty("absent_since", since == null ? null : since.toString());
        if (blind != null) {
          write(blind, json);
        }
      }
      case Reason.Returned(Instant absentSince, Instant until) -> {
        json.writeStringProperty("type", "returned");
        json.writeStringProperty("absent_since", absentSince.toString());
        json.writeStringProperty("until", until.toString());
      }
      case Reason.Children(int fired, int of, Instant since, Instant until, boolean inOrder) -> {
        json.writeStringProperty("type", "children");
        json.writeNumberProperty("fired", fired);
        json.writeNumberProperty("of", of);
        json.writeStringProperty("since", since.toString());
        json.writeStringProperty("until", until.toString());
        json.writeBooleanProperty("in_order", inOrder);
      }
    }
    json.writeEndObject();
  }

  private static void write(Reason.BlindSpan blind, JsonGenerator json) {
    switch (blind) {
      case Reason.BlindSpan(Instant from, Instant until, Duration total, boolean extended) -> {
        json.writeObjectPropertyStart("blind");
        json.writeStringProperty("from", from.toString());
        json.writeStringProperty("until", until.toString());
        json.writeStringProperty("total", total.toString());
        json.writeBooleanProperty("extended", extended);
        json.writeEndObject();
      }
    }
  }

  /**
   * Reads what {@link #write(Firing)} wrote.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Firing read(String text) {
    try {
      return firing(StoredJson.reader().readTree(text));
    } catch (JacksonException | DateTimeException e) {
      throw new IllegalArgumentException("not a firing: " + e.getMessage(), e);
    }
  }

  private static Firing firing(JsonNode json) {
    Map<String, String> labels = new LinkedHashMap<>();
    json.required("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
    List<Firing.Child> children = new ArrayList<>();
    for (JsonNode child : json.required("children")) {
      children.add(
          new Firing.Child(
              text(child, "id"), instant(child, "triggered"), optional(child, "event")));
    }
    JsonNode causation = json.required("causation");
    return new Firing(
        text(json, "id"),
        text(json, "automation"),
        state(text(json, "state")),
        instant(json, "triggered"),
        labels,
        optional(json, "event"),
        children,
        reason(json.required("reason")),
        new Causation(causation.required("depth").asInt(), text(causation, "origin")));
  }

  private static Reason reason(JsonNode json) {
    String type = text(json, "type");
    return switch (type) {
      case "matched" -> new Reason.Matched(text(json, "event"));
      case "counted" ->
          new Reason.Counted(
              json.required("count").asInt(),
              instant(json, "since"),
              instant(json, "until"),
              Duration.parse(text(json, "within")));
      case "followed" ->
          new Reason.Followed(
              json.required("count").asInt(),
              instant(json, "opened"),
              instant(json, "last"),
              Duration.parse(text(json, "within")));
      case "absent" -> absent(json);
      case "returned" -> new Reason.Returned(instant(json, "absent_since"), instant(json, "until"));
      case "children" ->
          new Reason.Children(
              json.required("fired").asInt(),
              json.required("of").asInt(),
              instant(json, "since"),
              instant(json, "until"),
              json.required("in_order").asBoolean());
      default -> throw new IllegalArgumentException("unknown reason '" + type + "'");
    };
  }

  private static Reason absent(JsonNode json) {
    String since = optional(json, "absent_since");
    return new Reason.Absent(
        json.required("seen").asInt(),
        json.required("threshold").asInt(),
        instant(json, "deadline"),
        Duration.parse(text(json, "within")),
        since == null ? null : Rfc3339.parse(since),
        json.has("blind") ? blind(json.required("blind")) : null);
  }

  private static Reason.BlindSpan blind(JsonNode json) {
    return new Reason.BlindSpan(
        instant(json, "from"),
        instant(json, "until"),
        Duration.parse(text(json, "total")),
        json.required("extended").asBoolean());
  }

  private static State state(String label) {
    for (State state : State.values()) {
      if (state.label().equals(label)) {
        return state;
      }
    }
    throw new IllegalArgumentException("unknown state '" + label + "'");
  }

  private static Instant instant(JsonNode json, String field) {
    return Rfc3339.parse(text(json, field));
  }

  private static String text(JsonNode json, String field) {
    return json.required(field).asString();
  }

  private static @Nullable String optional(JsonNode json, String field) {
    JsonNode value = json.required(field);
    return value.isNull() ? null : value.asString();
  }
}
