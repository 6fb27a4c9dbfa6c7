package dev.tocsin.engine.server;

import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** The 422 answer, in the form of Prefect. */
final class Validation {

  private static final String MESSAGE = "Invalid request received.";

  /** A longer body is not echoed. */
  private static final int MAX_ECHOED = 16 * 1024;

  private Validation() {}

  /** Invalid events, with the body that contained them. */
  static Answer ofBody(List<Problem> problems, byte[] body) {
    return Answer.object(
        422,
        json -> {
          write(problems, json);
          writeEcho(body, json);
        });
  }

  /** Invalid parameters. */
  static Answer ofParameters(List<Problem> problems) {
    return Answer.object(
        422,
        json -> {
          write(problems, json);
          json.writeNullProperty("request_body");
        });
  }

  /** Writes the names and indexes of a place as elements of an array. */
  static void writeSteps(Place place, JsonGenerator json) {
    switch (place) {
      case Place.InJson(List<Object> steps) -> {
        for (Object step : steps) {
          if (step instanceof Integer index) {
            json.writeNumber(index);
          } else {
            json.writeString(step.toString());
          }
        }
      }
      case Place.AtByte(int offset) -> json.writeNumber(offset);
      case Place.InRequest(String part, String name) -> {
        json.writeString(part);
        json.writeString(name);
      }
      case Place.InFile file -> json.writeString(file.toString());
    }
  }

  private static void write(List<Problem> problems, JsonGenerator json) {
    json.writeStringProperty("exception_message", MESSAGE);
    json.writeArrayPropertyStart("exception_detail");
    problems.forEach(problem -> write(problem, json));
    json.writeEndArray();
  }

  private static void write(Problem problem, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", problem.type());
    boolean isInBody = !(problem.place() instanceof Place.InRequest);
    json.writeArrayPropertyStart("loc");
    if (isInBody) {
      json.writeString("body");
    }
    writeSteps(problem.place(), json);
    json.writeEndArray();
    json.writeStringProperty("msg", problem.sentence());
    json.writeStringProperty("input", problem.value());
    if (isInBody) {
      writeContext(problem, json);
    }
    json.writeEndObject();
  }

  private static void writeContext(Problem problem, JsonGenerator json) {
    json.writeObjectPropertyStart("ctx");
    json.writeStringProperty("path", problem.path());
    if (problem.rule() != null) {
      json.writeStringProperty("rule", problem.rule());
    }
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
