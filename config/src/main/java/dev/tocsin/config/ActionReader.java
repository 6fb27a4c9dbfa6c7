package dev.tocsin.config;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.Action.ActionType;
import dev.tocsin.actions.Action.AutomationTarget;
import dev.tocsin.actions.Action.WebhookTarget;
import dev.tocsin.actions.JsonTemplate;
import dev.tocsin.actions.Template;
import dev.tocsin.actions.TemplateException;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.JsonValues;
import dev.tocsin.config.document.Node;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Value;
import dev.tocsin.config.settings.HttpSyntax;
import dev.tocsin.config.settings.References;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads actions. */
final class ActionReader {

  /** Subject of a notification that has none. */
  static final String DEFAULT_SUBJECT = "Automation {{ automation.name }} fired";

  private static final String REFERENCE =
      "must not contain a reference to a secret; define a webhook in the settings and name it in"
          + " webhook";
  private static final int MAX_TEMPLATE = 100_000;

  private final KnownWebhooks webhooks;

  ActionReader(KnownWebhooks webhooks) {
    this.webhooks = webhooks;
  }

  /** The action, or null and a report. */
  @Nullable Action read(Value value) {
    Fields fields = value.fields();
    if (fields == null) {
      return null;
    }
    int errors = value.report().errors();
    Action action = readType(fields);
    fields.finish();
    return value.report().errors() == errors ? action : null;
  }

  private @Nullable Action readType(Fields fields) {
    Value type = fields.require("type");
    String name = type == null ? null : type.text();
    if (type == null || name == null) {
      fields.all();
      return null;
    }
    ActionType known = ActionType.find(name);
    if (known == null) {
      type.error(unknownType(name));
      fields.all();
      return null;
    }
    return switch (known) {
      case CALL_WEBHOOK -> callWebhook(fields);
      case SEND_NOTIFICATION -> sendNotification(fields);
      case EMIT_EVENT -> emitEvent(fields);
      case PAUSE_AUTOMATION -> new Action.PauseAutomation(automation(fields));
      case RESUME_AUTOMATION -> new Action.ResumeAutomation(automation(fields));
      case DO_NOTHING -> new Action.DoNothing();
    };
  }

  private static String unknownType(String name) {
    String instead = PrefectActions.insteadOf(name);
    return instead == null
        ? "must be one of "
            + String.join(", ", ActionType.labels())
            + ", not "
            + Quoted.of(name)
            + Suggestion.of(name, ActionType.labels())
        : name + " is only available in Prefect's server; " + instead;
  }

  private Action callWebhook(Fields fields) {
    WebhookTarget target = fields.has("url") ? inline(fields) : named(fields);
    Value body = fields.take("body");
    Value payload = fields.take("payload");
    if (body != null && payload != null) {
      payload.error("is Prefect's name for body; use only one of them");
    }
    return new Action.CallWebhook(target, template(body == null ? payload : body));
  }

  private WebhookTarget inline(Fields fields) {
    for (String name : List.of("webhook", "block_document_id")) {
      fields.refuse(name, "conflicts with url; use only one of them");
    }
    Template url = template(fields.require("url"));
    if (url != null && !fields.isFaultyField("url")) {
      checkUrl(fields, url.source());
    }
    String method = HttpSyntax.method(fields.take("method"));
    return new WebhookTarget.Inline(
        method, url == null ? Template.parse("") : url, headers(fields.take("headers")));
  }

  /** The text before the first template of a URL must already be a URL. */
  private static void checkUrl(Fields fields, String url) {
    if (References.isIn(url)) {
      fields.error("url", REFERENCE);
      return;
    }
    int template = firstTemplate(url);
    if (template == 0) {
      return;
    }
    String fault =
        template < 0
            ? HttpSyntax.callFault(url)
            : url.substring(0, template).matches("(?i)https?://\\S*")
                ? null
                : "must start with http:// or https://";
    if (fault != null) {
      fields.error("url", fault);
    }
  }

  private static int firstTemplate(String text) {
    int first = -1;
    for (String opening : List.of("{{", "{%", "{#")) {
      int at = text.indexOf(opening);
      first = at >= 0 && (first < 0 || at < first) ? at : first;
    }
    return first;
  }

  private static Map<String, Template> headers(@Nullable Value value) {
    return HttpSyntax.headers(value == null ? null : value.fields(), ActionReader::header);
  }

  private static @Nullable Template header(String name, Value value) {
    Template template = template(value);
    if (template != null) {
      checkHeaderValue(name, value, template.source());
    }
    return template;
  }

  private static void checkHeaderValue(String name, Value header, String written) {
    String fault = References.isIn(written) ? REFERENCE : HttpSyntax.headerValueFault(written);
    if (fault != null) {
      header.error(fault);
    } else if (HttpSyntax.isSecretName(name)) {
      header.warning(
          "looks like a secret in plain text; define a webhook in the settings with ${env:NAME} or"
              + " ${file:PATH}, and name it in webhook");
    }
  }

  private WebhookTarget.Named named(Fields fields) {
    for (String name : List.of("method", "headers")) {
      fields.refuse(name, "is only allowed with url; a webhook of the settings has its own");
    }
    return new WebhookTarget.Named(webhookName(fields, "url, webhook"));
  }

  /** The name of the webhook that {@code webhook} or {@code block_document_id} names. */
  private String webhookName(Fields fields, String choices) {
    Value webhook = fields.take("webhook");
    Value block = fields.take("block_document_id");
    if (webhook != null && block != null) {
      block.error("conflicts with webhook; use only one of them");
    }
    Value naming = webhook == null ? block : webhook;
    String name = naming == null ? null : naming.text();
    if (naming == null) {
      fields.self().error("missing field: one of " + choices + " or block_document_id");
    }
    if (naming == null || name == null) {
      return "";
    }
    return webhook == null ? webhooks.ofBlock(name, naming) : webhooks.named(name, naming);
  }

  private Action sendNotification(Fields fields) {
    fields.refuse(
        "url", "is only for call-webhook; a notification is sent to a webhook of the settings");
    String webhook = webhookName(fields, "webhook");
    Template subject = template(fields.take("subject"));
    Template body = template(fields.require("body"));
    return new Action.SendNotification(
        new WebhookTarget.Named(webhook),
        subject == null ? Template.parse(DEFAULT_SUBJECT) : subject,
        body == null ? Template.parse("") : body);
  }

  private static Action emitEvent(Fields fields) {
    Template event = template(fields.require("event"));
    if (event != null && event.source().isBlank()) {
      fields.error("event", "must not be empty");
    }
    Map<String, Template> resource = labels(fields.require("resource"), Resource.ID);
    List<Map<String, Template>> related = new ArrayList<>();
    for (Value item : fields.items("related")) {
      related.add(labels(item, Resource.ID, RelatedResource.ROLE));
    }
    Value payload = fields.take("payload");
    if (payload != null && !(payload.node() instanceof Node.Mapping)) {
      payload.mustBe("an object");
    }
    return new Action.EmitEvent(
        event == null ? Template.parse("") : event,
        resource,
        related,
        payload == null ? null : jsonTemplate(payload));
  }

  private static Map<String, Template> labels(@Nullable Value value, String... required) {
    Map<String, Template> labels = new LinkedHashMap<>();
    Fields fields = value == null ? null : value.fields();
    if (fields == null) {
      return labels;
    }
    for (String name : required) {
      Value label = fields.require(name);
      if (label != null && label.node() instanceof Node.Scalar scalar && scalar.text().isEmpty()) {
        label.error("must not be empty");
      }
    }
    fields
        .all()
        .forEach(
            (name, label) -> {
              Template template = template(label);
              if (template != null) {
                labels.put(name, template);
              }
            });
    return labels;
  }

  private static JsonTemplate jsonTemplate(Value value) {
    return switch (value.node()) {
      case Node.Mapping mapping -> {
        Map<String, JsonTemplate> fields = new LinkedHashMap<>();
        new Fields(mapping, value.path(), value.report())
            .all()
            .forEach((name, field) -> fields.put(name, jsonTemplate(field)));
        yield new JsonTemplate.ObjectTemplate(fields);
      }
      case Node.Sequence _ ->
          new JsonTemplate.ArrayTemplate(
              value.items().stream().map(ActionReader::jsonTemplate).toList());
      case Node.Scalar scalar when scalar.kind() == Node.ScalarKind.TEXT -> {
        Template template = template(value);
        yield new JsonTemplate.StringTemplate(template == null ? Template.parse("") : template);
      }
      case Node.Scalar scalar -> new JsonTemplate.Literal(JsonValues.literal(value, scalar));
    };
  }

  private static AutomationTarget automation(Fields fields) {
    String source = fields.word("source", "selected or inferred");
    Value id = fields.take("automation_id");
    if ("inferred".equals(source)) {
      if (id != null) {
        id.error(
            "is only allowed with source: selected; inferred is the automation that the event"
                + " names");
      }
      return new AutomationTarget.Inferred();
    }
    if (source != null && !source.equals("selected")) {
      fields.error(
          "source",
          "must be selected or inferred, not "
              + Quoted.of(source)
              + Suggestion.of(source, List.of("selected", "inferred")));
    } else if (id == null) {
      fields.self().error("missing field automation_id, or source: inferred");
    }
    String text = id == null ? null : id.text();
    return new AutomationTarget.Selected(text == null ? "" : text);
  }

  private static @Nullable Template template(@Nullable Value value) {
    String text = value == null ? null : value.text();
    if (value == null || text == null) {
      return null;
    }
    if (text.length() > MAX_TEMPLATE) {
      value.error(
          "must have at most %,d characters, not %,d".formatted(MAX_TEMPLATE, text.length()));
      return null;
    }
    try {
      return Template.parse(text);
    } catch (TemplateException e) {
      String line = text.strip().contains("\n") ? ", line " + e.line() : "";
      value.error("invalid template" + line + ": " + e.getMessage());
      return null;
    }
  }
}
