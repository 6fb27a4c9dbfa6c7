package dev.tocsin.actions;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.State;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One automation, its firing and the event that set it off. */
public final class Samples {

  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  static final AutomationReference AUTOMATION =
      new AutomationReference("a-1", "failed runs", "Tells of them.", List.of("ops"), "Reactive");

  public static final String RUN = "59298807-8261-44e5-b7e3-8350c6c7ec5c";

  private Samples() {}

  static Event event(String payload) {
    return new Event(
        "e-1",
        NOON,
        "prefect.flow-run.Failed",
        Resource.of(
            Resource.ID, "prefect.flow-run." + RUN, Resource.NAME, "calm-owl", "env", "prod"),
        List.of(
            RelatedResource.of(
                Resource.ID,
                "prefect.flow.f-1",
                RelatedResource.ROLE,
                "flow",
                Resource.NAME,
                "etl"),
            RelatedResource.of(
                Resource.ID, "prefect.work-pool.w-1", RelatedResource.ROLE, "work-pool")),
        Payload.ofJson(payload),
        null,
        NOON.plusMillis(250),
        null);
  }

  public static Firing firing() {
    return new Firing(
        "f-1",
        AUTOMATION.id(),
        State.TRIGGERED,
        NOON,
        Map.of("prefect.resource.id", "prefect.flow-run." + RUN),
        "e-1",
        List.of(),
        new Reason.Matched("prefect.flow-run.Failed"),
        new Causation(1, "e-1"));
  }

  static Invocation invocation(Action action) {
    return new Invocation(firing(), AUTOMATION, event("{\"count\":3}"), 0, action);
  }

  static Invocation invocation(Action action, @Nullable Event event) {
    return new Invocation(firing(), AUTOMATION, event, 0, action);
  }

  static ActionSettings settings(Webhook... webhooks) {
    return settings(false, webhooks);
  }

  static ActionSettings settings(boolean strict, Webhook... webhooks) {
    Map<String, Webhook> byName = new java.util.LinkedHashMap<>();
    for (Webhook webhook : webhooks) {
      byName.put(webhook.name(), webhook);
    }
    return new ActionSettings(
        "prefect-cloud",
        Webhooks.of(byName),
        Duration.ofSeconds(15),
        65_536,
        strict,
        URI.create("https://ui.example/"),
        "tocsin/0.1.0");
  }

  static Webhook webhook(String name, String url) {
    return new Webhook(
        name,
        new Secret(url),
        "POST",
        Map.of("Authorization", new Secret("Bearer s3cr3t")),
        null,
        List.of());
  }
}
