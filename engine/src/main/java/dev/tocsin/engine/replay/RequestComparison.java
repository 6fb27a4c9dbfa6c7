package dev.tocsin.engine.replay;

import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.config.testing.TestCase.ExpectedRequest;
import dev.tocsin.engine.replay.DryRequests.DryRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the requests that would go out with those that must, field by field. */
final class RequestComparison {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String UNSHOWN = "(not shown: it may be secret)";

  private final List<String> lines = new ArrayList<>();

  private RequestComparison() {}

  /** Lines of the difference, none if there is none. */
  static List<String> compare(List<ExpectedRequest> expected, List<DryRequest> actual) {
    RequestComparison comparison = new RequestComparison();
    int common = Math.min(expected.size(), actual.size());
    for (int i = 0; i < common; i++) {
      comparison.compare(i, expected.get(i), actual.get(i));
    }
    for (ExpectedRequest missing : expected.subList(common, expected.size())) {
      comparison.lines.add("  - " + described(missing));
    }
    for (DryRequest surplus : actual.subList(common, actual.size())) {
      comparison.lines.add("  + " + described(surplus));
    }
    if (!comparison.lines.isEmpty()) {
      comparison.lines.addFirst("requests differ (- expected, + would be sent):");
    }
    return comparison.lines;
  }

  private void compare(int index, ExpectedRequest expected, DryRequest actual) {
    String automation = expected.automation();
    String place = "request " + (index + 1) + " ";
    WebhookRequest request = actual.request();
    if (automation != null && !automation.equals(actual.automation().id())) {
      differ(place + "automation", automation, actual.automation().name());
    } else if (request == null) {
      lines.add("  " + place + "cannot be made: " + actual.refusal());
    } else {
      String webhook = actual.webhook();
      boolean isOpen = webhook == null;
      compareText(
          place + "webhook", expected.webhook(), webhook == null ? "(none)" : webhook, true);
      compareText(place + "method", expected.method(), request.method(), true);
      compareText(place + "url", expected.url(), request.url().toString(), isOpen);
      for (Map.Entry<String, String> header : expected.headers().entrySet()) {
        String value = request.header(header.getKey());
        compareText(
            place + "header " + header.getKey(),
            header.getValue(),
            value == null ? "(none)" : value,
            isOpen || value == null);
      }
      compareBody(place + "body", expected.body(), request.body());
    }
  }

  private void compareText(
      String field, @Nullable String expected, String actual, boolean isShown) {
    if (expected != null && !expected.equals(actual)) {
      differ(field, expected, isShown ? actual : UNSHOWN);
    }
  }

  private void compareBody(String field, @Nullable JsonNode expected, String actual) {
    if (expected == null) {
      return;
    }
    if (expected.isString()) {
      compareText(field, expected.asString(), actual, true);
    } else if (!expected.equals(json(actual))) {
      differ(field, expected.toString(), actual);
    }
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException notJson) {
      return null;
    }
  }

  private void differ(String field, String expected, String actual) {
    lines.add("  " + field + ":");
    expected.lines().forEach(line -> lines.add("  - " + line));
    actual.lines().forEach(line -> lines.add("  + " + line));
  }

  private static String described(ExpectedRequest expected) {
    List<String> parts = new ArrayList<>();
    if (expected.automation() != null) {
      parts.add("of automation " + expected.automation());
    }
    parts.add(Objects.requireNonNullElse(expected.method(), "any method"));
    String target = expected.url() == null ? expected.webhook() : expected.url();
    parts.add("to " + Objects.requireNonNullElse(target, "anywhere"));
    return String.join(" ", parts);
  }

  private static String described(DryRequest actual) {
    WebhookRequest request = actual.request();
    String whose = " (" + actual.automation().name() + ")";
    if (request == null) {
      return "none can be made: " + actual.refusal() + whose;
    }
    String webhook = actual.webhook();
    String target = webhook == null ? request.url().toString() : "webhook '" + webhook + "'";
    return request.method() + " to " + target + whose;
  }
}
