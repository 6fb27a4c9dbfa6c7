package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.AttemptReport;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;

/**
 * An outcome as JSON, as in action events and stores: {@code outcome} (executed or failed), {@code
 * reason} of a failure, then what there is of {@code status_code, response_body, response_headers,
 * attempts, undefined}.
 */
public final class OutcomeJson {

  private OutcomeJson() {}

  /** The outcome as one JSON object; without its effects. */
  public static String write(ActionOutcome outcome) {
    return OwnPayload.json(
        fields -> {
          fields.text(
              "outcome",
              switch (outcome) {
                case Executed executed -> "executed";
                case Failed failed -> "failed";
              });
          writeFields(outcome, fields);
        });
  }

  /** Writes all fields except {@code outcome}. */
  static void writeFields(ActionOutcome outcome, OwnPayload fields) {
    if (outcome instanceof Failed(String reason, AttemptReport report)) {
      fields.text("reason", reason);
    }
    AttemptReport report = outcome.report();
    Integer status = report.statusCode();
    if (status != null) {
      fields
          .number("status_code", status)
          .text("response_body", report.responseBody())
          .labels("response_headers", report.responseHeaders());
    }
    if (report.attempts() > 0) {
      fields.number("attempts", report.attempts());
    }
    if (!report.undefined().isEmpty()) {
      fields.texts("undefined", report.undefined());
    }
  }
}
