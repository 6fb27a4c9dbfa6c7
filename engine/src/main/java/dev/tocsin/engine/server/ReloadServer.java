package dev.tocsin.engine.server;

import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.reload.ReloadOutcome;
import dev.tocsin.engine.reload.ReloadRequest;
import dev.tocsin.engine.reload.Reloader;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;

/** Reads automations and webhooks again: {@code POST /api/reload}. */
final class ReloadServer {

  private static final String DRY_RUN = "dry_run";
  private static final String ALLOW_EMPTY = "allow_empty";

  private final Reloader reloader;

  ReloadServer(Reloader reloader) {
    this.reloader = reloader;
  }

  List<Route> routes() {
    return List.of(Route.post("/api/reload", Scope.ADMIN, this::reload));
  }

  private Mono<Answer> reload(Call call) {
    Parameters query = call.query(List.of(DRY_RUN, ALLOW_EMPTY));
    boolean isDryRun = query.flag(DRY_RUN);
    boolean allowsEmpty = query.flag(ALLOW_EMPTY);
    query.check();
    String by = "POST /api/reload from " + address(call);
    return reloader
        .reload(new ReloadRequest(by, isDryRun, allowsEmpty))
        .map(outcome -> answer(outcome, isDryRun))
        .onErrorReturn(RejectedExecutionException.class, Answer.stopping())
        .onErrorReturn(TimeoutException.class, Answer.starting());
  }

  private static String address(Call call) {
    return call.request().remoteAddress() == null
        ? "an unknown address"
        : call.request().remoteAddress().getAddress().getHostAddress();
  }

  private static Answer answer(ReloadOutcome outcome, boolean isDryRun) {
    return switch (outcome) {
      case ReloadOutcome.Valid valid -> Answer.object(200, json -> write(valid, isDryRun, json));
      case ReloadOutcome.Invalid invalid ->
          Answer.object(
              422,
              json -> {
                json.writeStringProperty(
                    "exception_message",
                    "Invalid. The automations and webhooks in force are unchanged.");
                writeProblems("exception_detail", invalid.problems(), json);
              });
      case ReloadOutcome.Emptying emptying ->
          Answer.object(
              422,
              json -> {
                json.writeStringProperty("exception_message", emptying.message() + ".");
                json.writeArrayPropertyStart("exception_detail");
                json.writeEndArray();
              });
    };
  }

  private static void write(ReloadOutcome.Valid valid, boolean isDryRun, JsonGenerator json) {
    json.writeBooleanProperty("dry_run", isDryRun);
    json.writeArrayPropertyStart("automations");
    for (DeclarationPlan.AutomationChange change : valid.plan().changes()) {
      json.writeStartObject();
      json.writeStringProperty("id", change.automation().id());
      json.writeStringProperty("name", change.automation().name());
      json.writeStringProperty(
          "fate", change.fate().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      json.writeStringProperty("before", change.before());
      json.writeBooleanProperty("edited", change.isEdited());
      json.writeNumberProperty("keys", change.keys());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("need_restart");
    valid.needRestart().forEach(json::writeString);
    json.writeEndArray();
    writeProblems("warnings", valid.warnings(), json);
  }

  private static void writeProblems(String name, List<Problem> problems, JsonGenerator json) {
    json.writeArrayPropertyStart(name);
    for (Problem problem : problems) {
      json.writeStartObject();
      if (problem.place() instanceof Place.InFile(String file, int line, int column, _)) {
        json.writeStringProperty("file", file);
        json.writeNumberProperty("line", line);
        json.writeNumberProperty("column", column);
      }
      json.writeStringProperty("path", problem.path());
      json.writeStringProperty("msg", problem.sentence());
      json.writeStringProperty("severity", problem.isError() ? "error" : "warning");
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
