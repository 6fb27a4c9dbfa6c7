package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.actions.ActionOutcome.AttemptReport;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import dev.tocsin.wire.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActionEventsTest {

  private static final Instant LATER = Samples.NOON.plusSeconds(2);

  private final ActionEvents events = new ActionEvents("prefect-cloud");
  private final Invocation invocation =
      Samples.invocation(new Action.CallWebhook(new Action.WebhookTarget.Named("chat"), null));

  private static String json(Event event) {
    return new String(EventJson.write(event), StandardCharsets.UTF_8);
  }

  @Test
  void tellAChangeOfState() {
    Event triggering = Samples.event("{\"count\":3}");
    Event event = events.stateChange(Samples.firing(), Samples.AUTOMATION, triggering);
    assertThat(json(event))
        .isEqualTo(
            """
            {"occurred":"2026-11-23T12:00:00Z","event":"prefect-cloud.automation.triggered",\
            "resource":{"prefect.resource.id":"prefect-cloud.automation.a-1",\
            "prefect.resource.name":"failed runs","prefect-cloud.posture":"Reactive"},\
            "related":[{"prefect.resource.id":"prefect.event.e-1",\
            "prefect.resource.role":"triggering-event"}],\
            "payload":{"triggering_labels":{"prefect.resource.id":"prefect.flow-run.%s"},\
            "triggering_event":%s,"reason":"event prefect.flow-run.Failed fits.","firing":"f-1"},\
            "id":"%s","follows":null,"received":"2026-11-23T12:00:00Z"}\
            """
                .formatted(Samples.RUN, json(triggering), DerivedId.of("state-change", "f-1")));
    assertThat(event.causation()).isEqualTo(new Causation(1, "e-1"));
    assertThat(events.stateChange(Samples.firing(), Samples.AUTOMATION, triggering))
        .isEqualTo(event);
  }

  @Test
  void tellWhenTheEngineCouldNotSee() {
    Event event = events.blind(Samples.NOON, LATER, "down");
    assertThat(json(event))
        .isEqualTo(
            """
            {"occurred":"2026-11-23T12:00:00Z","event":"prefect-cloud.engine.blind",\
            "resource":{"prefect.resource.id":"prefect-cloud.engine"},"related":[],\
            "payload":{"from":"2026-11-23T12:00:00Z","until":"2026-11-23T12:00:02Z",\
            "cause":"down"},"id":"%s","follows":null,"received":"2026-11-23T12:00:00Z"}\
            """
                .formatted(
                    DerivedId.of("blind", "2026-11-23T12:00:00Z", "2026-11-23T12:00:02Z", "down")));
    assertThat(event.causation()).isNull();
  }

  @Test
  void tellAnActionThatBegins() {
    Event event = events.triggered(invocation, LATER);
    assertThat(json(event))
        .isEqualTo(
            """
            {"occurred":"2026-11-23T12:00:02Z","event":"prefect-cloud.automation.action.triggered",\
            "resource":{"prefect.resource.id":"prefect-cloud.automation.a-1.action.0",\
            "prefect-cloud.action.type":"call-webhook"},\
            "related":[{"prefect.resource.id":"prefect-cloud.automation.a-1",\
            "prefect.resource.role":"automation","prefect-cloud.name":"failed runs",\
            "prefect-cloud.posture":"Reactive"},\
            {"prefect.resource.id":"prefect.event.e-1","prefect.resource.role":"triggering-event"},\
            {"prefect.resource.id":"prefect.event.%s",\
            "prefect.resource.role":"automation-triggered-event"}],\
            "payload":{"action_index":0,"action_type":"call-webhook","invocation":"%s"},\
            "id":"%s","follows":"%s","received":"2026-11-23T12:00:02Z"}\
            """
                .formatted(
                    DerivedId.of("state-change", "f-1"),
                    invocation.id(),
                    DerivedId.of("action-triggered", invocation.id()),
                    DerivedId.of("state-change", "f-1")));
    assertThat(event.causation()).isEqualTo(new Causation(1, "e-1"));
  }

  @Test
  void tellAnActionThatIsDone() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "text/plain");
    headers.put("set-cookie", "********");
    ActionOutcome outcome =
        new Executed(
            new AttemptReport(200, headers, "fine \"☃\"", 1, List.of("event.payload.x")),
            List.of());
    Event event = events.completed(invocation, outcome, LATER);
    assertThat(event.name()).isEqualTo("prefect-cloud.automation.action.executed");
    assertThat(event.follows()).isEqualTo(events.triggered(invocation, LATER).id());
    assertThat(event.resource()).isEqualTo(events.triggered(invocation, LATER).resource());
    assertThat(event.related()).isEqualTo(events.triggered(invocation, LATER).related());
    assertThat(event.payload())
        .hasToString(
            """
            {"action_index":0,"action_type":"call-webhook","invocation":"%s","status_code":200,\
            "response_body":"fine \\"☃\\"","response_headers":{"content-type":"text/plain",\
            "set-cookie":"********"},"attempts":1,"undefined":["event.payload.x"]}\
            """
                .formatted(invocation.id()));
    assertThat(OutcomeJson.write(outcome))
        .startsWith("{\"outcome\":\"executed\",\"status_code\":200,");
  }

  @Test
  void tellAnActionThatFailed() {
    ActionOutcome outcome =
        new Failed("no answer within 15 s", new AttemptReport(null, Map.of(), null, 1, List.of()));
    Event event = events.completed(invocation, outcome, LATER);
    assertThat(event.name()).isEqualTo("prefect-cloud.automation.action.failed");
    assertThat(event.payload())
        .hasToString(
            """
            {"action_index":0,"action_type":"call-webhook","invocation":"%s",\
            "reason":"no answer within 15 s","attempts":1}\
            """
                .formatted(invocation.id()));
    assertThat(event.id())
        .isEqualTo(
            events.completed(invocation, new Executed(AttemptReport.NONE, List.of()), LATER).id());
    assertThat(OutcomeJson.write(outcome))
        .isEqualTo("{\"outcome\":\"failed\",\"reason\":\"no answer within 15 s\",\"attempts\":1}");
  }

  @Test
  void tellALoopOnceForItsCauses() {
    Event event = events.loopDetected(Samples.AUTOMATION, List.of("e-9", "e-8"), LATER);
    assertThat(json(event))
        .isEqualTo(
            """
            {"occurred":"2026-11-23T12:00:02Z","event":"prefect-cloud.automation.loop.detected",\
            "resource":{"prefect.resource.id":"prefect-cloud.automation.a-1",\
            "prefect.resource.name":"failed runs","prefect-cloud.posture":"Reactive"},\
            "related":[{"prefect.resource.id":"prefect.event.e-9","prefect.resource.role":"cause"},\
            {"prefect.resource.id":"prefect.event.e-8","prefect.resource.role":"cause"}],\
            "payload":{"causes":["e-9","e-8"]},"id":"%s","follows":null,\
            "received":"2026-11-23T12:00:02Z"}\
            """
                .formatted(DerivedId.of("loop-detected", "a-1", "e-9", "e-8")));
    assertThat(events.loopDetected(Samples.AUTOMATION, List.of("e-9", "e-8"), Samples.NOON).id())
        .isEqualTo(event.id());
    assertThat(
            events
                .loopDetected(Samples.AUTOMATION, java.util.Collections.nCopies(99, "e"), LATER)
                .related())
        .hasSize(20);
  }

  private static Firing firing(Instant triggered, @Nullable String event) {
    return new Firing(
        "f-2",
        "a-1",
        State.RESOLVED,
        triggered,
        Map.of(),
        event,
        List.of(),
        new Reason.Matched("x"),
        new Causation(1, "f-2"));
  }

  @Test
  void holdWithoutATriggeringEvent() {
    AutomationReference composite = new AutomationReference("a-1", "", "", List.of(), null);
    Event event = events.stateChange(firing(Samples.NOON, null), composite, null);
    assertThat(event.name()).isEqualTo("prefect-cloud.automation.resolved");
    assertThat(event.related()).isEmpty();
    assertThat(event.resource().labels().names())
        .containsExactly("prefect.resource.id", "prefect.resource.name");
    assertThat(event.payload())
        .hasToString(
            "{\"triggering_labels\":{},\"triggering_event\":null,"
                + "\"reason\":\"event x fits.\",\"firing\":\"f-2\"}");
  }

  @Test
  void neverThrow() {
    AutomationReference odd =
        new AutomationReference("a\0\ud800", "n\0", "", List.of(), "Proactive");
    Event huge = Samples.event("{\"x\":\"" + "x".repeat(1_400_000) + "\"}");
    Instant beyond = Event.END_OF_TIME.plusSeconds(1_000_000);
    String longest = "\ud83d\ude00".repeat(255);
    Event change = events.stateChange(firing(beyond, longest), odd, huge);
    assertThat(change.occurred()).isEqualTo(Event.END_OF_TIME.minusNanos(1_000));
    assertThat(change.resource().id()).isEqualTo("prefect-cloud.automation.a\ufffd\ufffd");
    assertThat(change.payload().toString())
        .contains(
            "\"triggering_event\":{\"occurred\":\"2026-11-23T12:00:00Z\","
                + "\"event\":\"prefect.flow-run.Failed\",\"id\":\"e-1\"}");
    assertThat(EventJson.write(change).length).isLessThan(10_000);
    Invocation action =
        new Invocation(firing(beyond, longest), odd, huge, 0, new Action.DoNothing());
    ActionOutcome outcome =
        new Failed(
            "r\0\ud800", new AttemptReport(1, Map.of("a", "\udfff"), "\ud800", 1, List.of("\0")));
    assertThat(EventJson.parse(events.completed(action, outcome, beyond).payload()).isObject())
        .isTrue();
    assertThat(events.loopDetected(odd, List.of(longest), beyond)).isNotNull();
  }

  @Test
  void refuseANamespaceThatIsNone() {
    for (String namespace : List.of("", "a b", "x".repeat(101), "é")) {
      assertThatThrownBy(() -> new ActionEvents(namespace))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
