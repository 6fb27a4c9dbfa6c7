package dev.tocsin.config;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.Action.AutomationTarget;
import dev.tocsin.actions.Action.WebhookTarget;
import dev.tocsin.actions.JsonTemplate;
import dev.tocsin.actions.Template;
import dev.tocsin.config.document.DocumentReader;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Problem;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.Value;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * An action as JSON in the schema of the YAML, for a store: what is written reads back as the same
 * action. A webhook of the settings is kept by its name, so no secret is written.
 */
public final class ActionJson {

  private static final String NAME = "stored action.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ActionJson() {}

  /** The action as one JSON object. */
  public static String write(Action action) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("type", action.type());
      switch (action) {
        case Action.CallWebhook call -> write(call, json);
        case Action.SendNotification notification -> write(notification, json);
        case Action.EmitEvent emit -> write(emit, json);
        case Action.PauseAutomation pause -> write(pause.target(), json);
        case Action.ResumeAutomation resume -> write(resume.target(), json);
        case Action.DoNothing _ -> {}
        case Action.Unreadable _ ->
            throw new IllegalArgumentException("an unreadable action cannot be written");
      }
      json.writeEndObject();
    }
    return out.toString();
  }

  /**
   * The action that {@link #write} wrote. That its webhook is still in the settings is not checked
   * here: whoever carries it out says so.
   *
   * @throws IllegalArgumentException with every problem, if the text is no action
   */
  public static Action read(String json) {
    List<Problem> problems = new ArrayList<>();
    Report report = new Report(NAME, problems);
    Action action = null;
    for (Node document : DocumentReader.read(json, report)) {
      action = new ActionReader(new KnownWebhooks.Any()).read(Value.of(document, report));
    }
    if (action == null) {
      throw new IllegalArgumentException("invalid action: " + problems);
    }
    return action;
  }

  private static void write(Action.CallWebhook call, JsonGenerator json) {
    switch (call.target()) {
      case WebhookTarget.Named named -> json.writeStringProperty("webhook", named.name());
      case WebhookTarget.Inline inline -> {
        json.writeStringProperty("url", inline.url().source());
        json.writeStringProperty("method", inline.method());
        json.writeName("headers");
        write(inline.headers(), json);
      }
    }
    Template body = call.body();
    if (body != null) {
      json.writeStringProperty("body", body.source());
    }
  }

  private static void write(Action.SendNotification notification, JsonGenerator json) {
    json.writeStringProperty("webhook", notification.target().name());
    json.writeStringProperty("subject", notification.subject().source());
    json.writeStringProperty("body", notification.body().source());
  }

  private static void write(Action.EmitEvent emit, JsonGenerator json) {
    json.writeStringProperty("event", emit.event().source());
    json.writeName("resource");
    write(emit.resource(), json);
    json.writeArrayPropertyStart("related");
    emit.related().forEach(labels -> write(labels, json));
    json.writeEndArray();
    JsonTemplate payload = emit.payload();
    if (payload != null) {
      json.writeName("payload");
      write(payload, json);
    }
  }

  private static void write(AutomationTarget target, JsonGenerator json) {
    switch (target) {
      case AutomationTarget.Inferred _ -> json.writeStringProperty("source", "inferred");
      case AutomationTarget.Selected selected -> {
        json.writeStringProperty("source", "selected");
        json.writeStringProperty("automation_id", selected.automation());
      }
    }
  }

  private static void write(Map<String, Template> templates, JsonGenerator json) {
    json.writeStartObject();
    templates.forEach((name, template) -> json.writeStringProperty(name, template.source()));
    json.writeEndObject();
  }

  private static void write(JsonTemplate template, JsonGenerator json) {
    switch (template) {
      case JsonTemplate.Text text -> json.writeString(text.template().source());
      case JsonTemplate.Literal literal -> json.writePOJO(literal.value());
      case JsonTemplate.Items items -> {
        json.writeStartArray();
        items.items().forEach(item -> write(item, json));
        json.writeEndArray();
      }
      case JsonTemplate.Fields fields -> {
        json.writeStartObject();
        fields
            .fields()
            .forEach(
                (name, field) -> {
                  json.writeName(name);
                  write(field, json);
                });
        json.writeEndObject();
      }
    }
  }
}
