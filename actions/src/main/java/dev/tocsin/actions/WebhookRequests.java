package dev.tocsin.actions;

import dev.tocsin.actions.webhook.Redaction;
import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.wire.EventJson;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the requests of webhook actions. Pure: the same invocation results in the same request,
 * sent or not.
 *
 * <p>Every request has {@code Idempotency-Key}, the invocation's id, which stays the same over
 * retries and restarts, and {@code User-Agent}. With a body, {@code Content-Type} is {@code
 * application/json} if the body is valid JSON, else {@code text/plain; charset=utf-8}, unless a
 * header overrides it. A {@code call-webhook} without body sends
 *
 * <pre>{@code
 * {"invocation": id,
 *  "automation": {"id", "name", "description", "tags", "posture"},
 *  "firing": {"id", "state", "triggered", "labels", "reason", "event"},
 *  "event": the triggering event as Prefect serves it, or null}
 * }</pre>
 */
public final class WebhookRequests {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ActionSettings settings;

  /** With these webhooks and this user agent. */
  public WebhookRequests(ActionSettings settings) {
    this.settings = settings;
  }

  /** What was made of a webhook action. */
  public sealed interface Preparation {

    /**
     * A request that can be sent.
     *
     * @param undefined template paths that had no value
     */
    record Ready(WebhookRequest request, List<String> undefined) implements Preparation {}

    /**
     * The request cannot be made.
     *
     * @param reason why, for an operator, without secrets
     * @param undefined template paths that had no value
     */
    record Impossible(String reason, List<String> undefined) implements Preparation {}
  }

  /** The request of an action of this invocation. */
  public Preparation prepare(Invocation invocation, Action.WebhookAction action) {
    Renderings renderings = new Renderings(TemplateVariables.of(invocation, settings));
    try {
      WebhookRequest request = request(invocation, action, renderings);
      return new Preparation.Ready(request, renderings.undefined());
    } catch (TemplateException e) {
      return new Preparation.Impossible(TemplateFailure.reason(e), renderings.undefined());
    } catch (IllegalArgumentException e) {
      return new Preparation.Impossible(String.valueOf(e.getMessage()), renderings.undefined());
    }
  }

  private WebhookRequest request(
      Invocation invocation, Action.WebhookAction action, Renderings renderings) {
    return switch (action.target()) {
      case Action.WebhookTarget.Named(String name) ->
          named(invocation, name, body(invocation, action, renderings));
      case Action.WebhookTarget.Inline inline -> {
        URI url = WebhookRequest.url(renderings.text(inline.url()));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        inline.headers().forEach((name, value) -> headers.put(name, renderings.text(value)));
        yield complete(
            WebhookRequest.authority(url),
            inline.method(),
            url,
            headers,
            body(invocation, action, renderings),
            Redaction.NONE,
            invocation);
      }
    };
  }

  private WebhookRequest named(Invocation invocation, String name, String body) {
    Webhook webhook = settings.webhooks().find(name);
    if (webhook == null) {
      throw new IllegalArgumentException("unknown webhook '" + name + "'");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    webhook.headers().forEach((header, value) -> headers.put(header, value.reveal()));
    try {
      return complete(
          "webhook '" + name + "'",
          webhook.method(),
          WebhookRequest.url(webhook.url().reveal()),
          headers,
          body,
          webhook.redaction(),
          invocation);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("webhook '" + name + "': " + e.getMessage(), e);
    }
  }

  private WebhookRequest complete(
      String target,
      String method,
      URI url,
      Map<String, String> headers,
      String body,
      Redaction redaction,
      Invocation invocation) {
    headers.putIfAbsent("User-Agent", settings.userAgent());
    headers.putIfAbsent("Idempotency-Key", invocation.id());
    if (!body.isEmpty()) {
      headers.putIfAbsent("Content-Type", contentType(body));
    }
    return new WebhookRequest(
        target, method.toUpperCase(Locale.ROOT), url, headers, body, redaction);
  }

  private static String contentType(String body) {
    return isJson(body) ? "application/json" : "text/plain; charset=utf-8";
  }

  private static boolean isJson(String body) {
    try (JsonParser parser = MAPPER.createParser(body)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String body(
      Invocation invocation, Action.WebhookAction action, Renderings renderings) {
    return switch (action) {
      case Action.CallWebhook(Action.WebhookTarget _, @Nullable Template body) ->
          body == null ? document(invocation) : renderings.text(body);
      case Action.SendNotification(Action.WebhookTarget.Named _, Template subject, Template body) ->
          notification(renderings.text(subject), renderings.text(body));
    };
  }

  private static String notification(String subject, String body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("subject", subject);
      json.writeStringProperty("body", body);
      json.writeEndObject();
    }
    return text.toString();
  }

  private static String document(Invocation invocation) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("invocation", invocation.id());
      write(invocation.automation(), json);
      write(invocation.firing(), json);
      json.writeName("event");
      Event event = invocation.event();
      if (event == null) {
        json.writeNull();
      } else {
        EventJson.write(event, json);
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(AutomationReference automation, JsonGenerator json) {
    json.writeObjectPropertyStart("automation");
    json.writeStringProperty("id", automation.id());
    json.writeStringProperty("name", automation.name());
    json.writeStringProperty("description", automation.description());
    json.writeArrayPropertyStart("tags");
    automation.tags().forEach(json::writeString);
    json.writeEndArray();
    json.writeStringProperty("posture", automation.posture());
    json.writeEndObject();
  }

  private static void write(Firing firing, JsonGenerator json) {
    json.writeObjectPropertyStart("firing");
    json.writeStringProperty("id", firing.id());
    json.writeStringProperty("state", firing.state().label());
    json.writeStringProperty("triggered", firing.triggered().toString());
    json.writeObjectPropertyStart("labels");
    firing.labels().forEach(json::writeStringProperty);
    json.writeEndObject();
    json.writeStringProperty("reason", firing.reason().sentence());
    json.writeStringProperty("event", firing.event());
    json.writeEndObject();
  }
}
