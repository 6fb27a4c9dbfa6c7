package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Counts what became of the events of one request, and keeps the first problems and warnings. */
final class IntakeSummary {

  /** Problems or warnings beyond these are not kept. */
  private static final int MAX_KEPT = 100;

  private static final String DETAIL = "detail";

  private final List<PlacedProblem> problems = new ArrayList<>();
  private final List<PlacedProblem> warnings = new ArrayList<>();
  private long accepted;
  private long duplicates;
  private long refused;
  private long warned;

  /**
   * A problem of an event.
   *
   * @param line of the event in a stream, 0 in a list
   */
  private record PlacedProblem(long line, Problem problem) {}

  /** Adds events that are durable. */
  void accept(Receipt.Accepted receipt) {
    accepted += receipt.accepted();
    duplicates += receipt.duplicates();
  }

  /** Adds a refused event. */
  void refuse(long line, List<Problem> found) {
    refused++;
    keep(problems, line, found);
  }

  /** Adds warnings about events that are not refused. */
  void warn(long line, List<Problem> found) {
    warned += found.size();
    keep(warnings, line, found);
  }

  /** 204, with the counts as headers. */
  Answer asHeaders() {
    return Answer.noContent(
        Map.of(
            "Tocsin-Accepted", Long.toString(accepted),
            "Tocsin-Duplicates", Long.toString(duplicates),
            "Tocsin-Warnings", Long.toString(warned)));
  }

  /** The counts as an object. */
  Answer asObject(int status) {
    return Answer.object(status, this::write);
  }

  /** The same, after why the request ended early. */
  Answer asObject(int status, String detail) {
    return Answer.object(
        status,
        json -> {
          json.writeStringProperty(DETAIL, detail);
          write(json);
        });
  }

  private void write(JsonGenerator json) {
    json.writeNumberProperty("accepted", accepted);
    json.writeNumberProperty("duplicates", duplicates);
    json.writeNumberProperty("refused", refused);
    write("problems", problems, json);
    write("warnings", warnings, json);
  }

  private static void keep(List<PlacedProblem> kept, long line, List<Problem> found) {
    for (Problem problem : found) {
      if (kept.size() < MAX_KEPT) {
        kept.add(new PlacedProblem(line, problem));
      }
    }
  }

  private static void write(String name, List<PlacedProblem> list, JsonGenerator json) {
    json.writeArrayPropertyStart(name);
    list.forEach(placed -> write(placed, json));
    json.writeEndArray();
  }

  private static void write(PlacedProblem placed, JsonGenerator json) {
    json.writeStartObject();
    if (placed.line() > 0) {
      json.writeNumberProperty("line", placed.line());
    }
    json.writeArrayPropertyStart("loc");
    Validation.writeSteps(placed.problem().place(), json);
    json.writeEndArray();
    json.writeStringProperty("type", placed.problem().type());
    json.writeStringProperty("msg", placed.problem().sentence());
    json.writeStringProperty("path", placed.problem().path());
    json.writeEndObject();
  }
}
