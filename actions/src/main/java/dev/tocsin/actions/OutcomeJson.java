package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.AttemptReport;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * An outcome as JSON, as in action events and stores: {@code outcome} (executed or failed), {@code
 * reason} of a failure, then what there is of {@code status_code, response_body, response_headers,
 * attempts, undefined}.
 */
public final class OutcomeJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private OutcomeJson() {}

  /** The outcome as one JSON object; without its effects. */
  public static String write(ActionOutcome outcome) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty(
          "outcome",
          switch (outcome) {
            case Executed executed -> "executed";
            case Failed failed -> "failed";
          });
      writeFields(outcome, json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** Writes all fields but {@code outcome} into the current object of the generator. */
  static void writeFields(ActionOutcome outcome, JsonGenerator json) {
    if (outcome instanceof Failed(String reason, AttemptReport report)) {
      json.writeStringProperty("reason", reason);
    }
    AttemptReport report = outcome.report();
    Integer status = report.statusCode();
    if (status != null) {
      json.writeNumberProperty("status_code", status);
      json.writeStringProperty("response_body", report.responseBody());
      json.writeObjectPropertyStart("response_headers");
      report.responseHeaders().forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    if (report.attempts() > 0) {
      json.writeNumberProperty("attempts", report.attempts());
    }
    if (!report.undefined().isEmpty()) {
      json.writeArrayPropertyStart("undefined");
      report.undefined().forEach(json::writeString);
      json.writeEndArray();
    }
  }
}
