package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From event to webhook and back: what is sent, what is told, and in which order. */
class StoryTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String OWN = "prefect-cloud.automation.*";

  @TempDir Path folder;

  private static String call(String id, String event, String url) {
    return """
    - id: %s
      name: Name of %s
      trigger: {expect: [%s], threshold: 1}
      actions:
        - type: call-webhook
          url: %s
          body: 'got {{ event.id }}'
    """
        .formatted(id, id, event, url);
  }

  @Test
  void tellsEveryStepAsAnEvent() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(folder, call("a", "order.paid", receiver.url() + "/paid"))) {
      daemon.send(TestDaemon.event("e1", "order.paid", 1));
      WebhookReceiver.Request request = receiver.next();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/paid");
      assertThat(request.body()).isEqualTo("got e1");

      daemon.await("*.action.executed", 1);
      List<JsonNode> own = daemon.events(OWN);
      assertThat(own)
          .extracting(event -> event.path("event").asString())
          .containsExactly(
              "prefect-cloud.automation.triggered",
              "prefect-cloud.automation.action.triggered",
              "prefect-cloud.automation.action.executed");
      JsonNode triggered = own.get(0);
      JsonNode actionTriggered = own.get(1);
      JsonNode executed = own.get(2);
      assertThat(triggered.path("occurred").asString()).startsWith("2026-01-02T03:00:01");
      assertThat(triggered.path("resource"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"prefect.resource.id": "prefect-cloud.automation.a",
                   "prefect.resource.name": "Name of a", "prefect-cloud.posture": "Reactive"}\
                  """));
      assertThat(triggered.path("related"))
          .isEqualTo(
              JSON.readTree(
                  """
                  [{"prefect.resource.id": "prefect.event.e1",
                    "prefect.resource.role": "triggering-event"}]\
                  """));
      assertThat(actionTriggered.path("follows")).isEqualTo(triggered.path("id"));
      assertThat(executed.path("follows")).isEqualTo(actionTriggered.path("id"));
      assertThat(executed.path("resource"))
          .isEqualTo(actionTriggered.path("resource"))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"prefect.resource.id": "prefect-cloud.automation.a.action.0",
                   "prefect-cloud.action.type": "call-webhook"}\
                  """));
      assertThat(executed.path("related"))
          .isEqualTo(
              JSON.readTree(
                  """
                  [{"prefect.resource.id": "prefect-cloud.automation.a",
                    "prefect.resource.role": "automation", "prefect-cloud.name": "Name of a",
                    "prefect-cloud.posture": "Reactive"},
                   {"prefect.resource.id": "prefect.event.e1",
                    "prefect.resource.role": "triggering-event"},
                   {"prefect.resource.id": "prefect.event.%s",
                    "prefect.resource.role": "automation-triggered-event"}]\
                  """
                      .formatted(triggered.path("id").asString())));
      assertThat(executed.path("payload").path("status_code").asInt()).isEqualTo(200);
      assertThat(executed.path("payload").path("invocation").asString()).isEqualTo(request.key());
    }
  }

  @Test
  void aKnownIdChangesNothingBeforeAndAfterARestart() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String automations = call("a", "order.paid", receiver.url() + "/paid");
      try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
        daemon.send(TestDaemon.event("e1", "order.paid", 1));
        daemon.send(TestDaemon.event("e1", "order.paid", 1));
        daemon.send(
            "["
                + TestDaemon.event("e1", "order.paid", 2)
                + ","
                + TestDaemon.event("e2", "order.paid", 2)
                + "]");
        daemon.await("*.action.executed", 2);
      }
      try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
        daemon.send(TestDaemon.event("e1", "order.paid", 1));
        daemon.send(TestDaemon.event("e3", "order.paid", 3));
        daemon.await("*.action.executed", 3);
        assertThat(daemon.events("order.paid"))
            .extracting(event -> event.path("id").asString())
            .containsExactly("e1", "e2", "e3");
        assertThat(daemon.events(OWN)).hasSize(9);
      }
      assertThat(receiver.next().body()).isEqualTo("got e1");
      assertThat(receiver.next().body()).isEqualTo("got e2");
      assertThat(receiver.next().body()).isEqualTo("got e3");
      assertThat(receiver.waiting()).isZero();
    }
  }

  @Test
  void aWindowAndItsQuietTimeSurviveARestart() throws Exception {
    String automations =
        """
        - id: a
          name: a
          trigger: {expect: [x], threshold: 3, within: 60}
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      daemon.send(TestDaemon.event("x2", "x", 2));
      assertThat(daemon.events(OWN)).isEmpty();
    }
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      daemon.send(TestDaemon.event("x3", "x", 3));
      daemon.await("*.action.executed", 1);
    }
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      for (int second = 4; second < 61; second++) {
        daemon.send(TestDaemon.event("q" + second, "x", second));
      }
      assertThat(daemon.events("*.automation.triggered")).as("quiet until 61 s").hasSize(1);
      for (int second = 61; second < 64; second++) {
        daemon.send(TestDaemon.event("y" + second, "x", second));
      }
      daemon.await("*.action.executed", 2);
      assertThat(daemon.events("*.automation.triggered")).hasSize(2);
    }
  }

  @Test
  void anAutomationThatAnswersItselfIsStoppedAndSaysSoOnce() throws Exception {
    String automations =
        """
        - id: echo
          name: echo
          trigger: {expect: [start, prefect-cloud.automation.action.executed], threshold: 1}
          actions: [{type: do-nothing}]
        - id: watch
          name: watch
          trigger: {expect: ['*.loop.detected'], threshold: 1}
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = TestDaemon.start(folder, automations, "max_causal_depth=5")) {
      daemon.send(TestDaemon.event("s1", "start", 1));
      JsonNode loop = daemon.await("*.loop.detected", 1).getFirst();
      assertThat(loop.path("resource").path("prefect.resource.id").asString())
          .isEqualTo("prefect-cloud.automation.echo");
      daemon.send(TestDaemon.event("s2", "start", 2));
      daemon.await("*.loop.detected", 2);
      daemon.send(TestDaemon.event("fence", "fence", 3));
      assertThat(daemon.events("*.loop.detected")).hasSize(2);
      assertThat(daemon.events("*.automation.triggered"))
          .as("5 for each start, none for what tells of the loop")
          .hasSize(10);
    }
  }

  @Test
  void pausesAndResumesAlsoOverARestart() throws Exception {
    String automations =
        """
        - {id: a, name: a, trigger: {expect: [x], threshold: 1}, actions: [{type: do-nothing}]}
        - id: off
          name: off
          trigger: {expect: [off], threshold: 1}
          actions: [{type: pause-automation, source: selected, automation_id: a}]
        - id: on
          name: on
          trigger: {expect: [on], threshold: 1}
          actions: [{type: resume-automation, source: inferred}]
        """;
    String on =
        """
        {"id": "%s", "occurred": "2026-01-02T03:01:00Z", "event": "on",
         "resource": {"prefect.resource.id": "prefect-cloud.automation.%s"}}\
        """;
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      daemon.send(TestDaemon.event("off", "off", 2));
      daemon.await("*.action.executed", 2);
      daemon.send(TestDaemon.event("x2", "x", 3));
    }
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      daemon.send(TestDaemon.event("x3", "x", 4));
      daemon.send(on.formatted("unknown", "nobody"));
      JsonNode failed = daemon.await("*.action.failed", 1).getFirst();
      assertThat(failed.path("payload").path("reason").asString())
          .isEqualTo("unknown automation nobody");
      daemon.send(on.formatted("on", "a"));
      daemon.await("*.action.executed", 3);
      daemon.send(TestDaemon.event("x4", "x", 5));
      daemon.await("*.action.executed", 4);
      assertThat(daemon.events("*.automation.triggered"))
          .filteredOn(
              event ->
                  event
                      .path("resource")
                      .path("prefect.resource.id")
                      .asString()
                      .endsWith(".automation.a"))
          .extracting(event -> event.path("payload").path("triggering_event").path("id").asString())
          .containsExactly("x1", "x4");
    }
  }

  @Test
  void anEmittedEventTriggersTheNext() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(
                folder,
                """
                - id: first
                  name: first
                  trigger: {expect: [x], threshold: 1}
                  actions:
                    - type: emit-event
                      event: derived
                      resource: {prefect.resource.id: 'of.{{ event.id }}'}
                """
                    + call("second", "derived", receiver.url() + "/hook"))) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      assertThat(receiver.next().path()).isEqualTo("/hook");
      daemon.await("*.action.executed", 2);
      assertThat(daemon.events("derived"))
          .extracting(event -> event.path("resource").path("prefect.resource.id").asString())
          .containsExactly("of.x1");
      assertThat(daemon.events(OWN)).hasSize(6);
    }
  }

  @Test
  void moreOwnEventsThanFitOneBatchAreAllTakenInOnce() throws Exception {
    String automations =
        """
        - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
        """;
    String list =
        IntStream.range(0, 320)
            .mapToObj(i -> TestDaemon.event("x" + i, "x", i))
            .collect(Collectors.joining(",", "[", "]"));
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      daemon.send(list);
      daemon.await("*.action.executed", 320);
      assertThat(daemon.events(OWN))
          .hasSize(960)
          .extracting(event -> event.path("id").asString())
          .doesNotHaveDuplicates();
    }
  }
}
