package dev.tocsin.engine.server;

import dev.tocsin.wire.EventProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** The 422 answer, in the form of Prefect. */
final class Validation {

  private static final String MESSAGE = "Invalid request received.";

  /** A longer body is not echoed. */
  private static final int MAX_ECHOED = 16 * 1024;

  private Validation() {}

  /**
   * A query parameter or a part of the path that is not valid.
   *
   * @param where {@code query} or {@code path}
   */
  record Fault(String where, String name, String type, String message, @Nullable String value) {}

  /** Invalid events, with the body that contained them. */
  static Answer ofBody(List<EventProblem> problems, byte[] body) {
    return Answer.object(
        422,
        json -> {
          json.writeStringProperty("exception_message", MESSAGE);
          json.writeArrayPropertyStart("exception_detail");
          problems.forEach(problem -> write(problem, json));
          json.writeEndArray();
          writeEcho(body, json);
        });
  }

  /** Invalid parameters. */
  static Answer of(List<Fault> faults) {
    return Answer.object(
        422,
        json -> {
          json.writeStringProperty("exception_message", MESSAGE);
          json.writeArrayPropertyStart("exception_detail");
          faults.forEach(fault -> write(fault, json));
          json.writeEndArray();
          json.writeNullProperty("request_body");
        });
  }

  /** Writes the keys and indexes of a place as elements of an array. */
  static void writeSteps(List<Object> loc, JsonGenerator json) {
    for (Object step : loc) {
      if (step instanceof Integer index) {
        json.writeNumber(index);
      } else {
        json.writeString(step.toString());
      }
    }
  }

  private static void write(EventProblem problem, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", problem.type());
    json.writeArrayPropertyStart("loc");
    json.writeString("body");
    writeSteps(problem.loc(), json);
    json.writeEndArray();
    json.writeStringProperty("msg", problem.sentence());
    json.writeStringProperty("input", problem.value());
    json.writeObjectPropertyStart("ctx");
    json.writeStringProperty("path", problem.path());
    if (problem.rule() != null) {
      json.writeStringProperty("rule", problem.rule());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(Fault fault, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", fault.type());
    json.writeArrayPropertyStart("loc");
    json.writeString(fault.where());
    json.writeString(fault.name());
    json.writeEndArray();
    json.writeStringProperty("msg", fault.message());
    json.writeStringProperty("input", fault.value());
    json.writeEndObject();
  }

  private static void writeEcho(byte[] body, JsonGenerator json) {
    if (body.length > MAX_ECHOED) {
      json.writeNullProperty("request_body");
      return;
    }
    json.writeName("request_body");
    String text = new String(body, StandardCharsets.UTF_8);
    if (isJson(text)) {
      json.writeRawValue(text);
    } else {
      json.writeString(text);
    }
  }

  private static boolean isJson(String text) {
    try {
      return !Answer.MAPPER.readTree(text).isMissingNode();
    } catch (JacksonException notJson) {
      return false;
    }
  }
}
