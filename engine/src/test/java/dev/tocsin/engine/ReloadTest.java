package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.reload.FileWatch;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Automations and webhooks are read again while the daemon runs. */
class ReloadTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static String pair(String id, String description) {
    return """
    - id: %s
      name: the %s
      description: %s
      trigger: {expect: [go], threshold: 2, within: 1d}
      actions: [{type: do-nothing}]
    """
        .formatted(id, id, description);
  }

  private static String counting(String id, String description) {
    return pair(id, description)
        .replace("within: 1d", "within: 1d, for_each: [prefect.resource.id]");
  }

  private void write(String automations) throws Exception {
    Files.writeString(folder.resolve("automations.yaml"), "automations:\n" + automations);
  }

  private static JsonNode reload(TestDaemon daemon, String query, int status) throws Exception {
    HttpResponse<String> answer = daemon.postTo("/api/reload" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  private static List<String> fates(JsonNode plan) {
    return plan.path("automations")
        .valueStream()
        .map(
            change ->
                change.path("id").asString()
                    + " "
                    + change.path("fate").asString()
                    + (change.path("edited").asBoolean() ? " edited " : " ")
                    + change.path("keys").asInt())
        .toList();
  }

  @Test
  void aPlanIsShownThenPutInForceAndStateIsKept() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, pair("a", "x") + pair("b", "x"))) {
      daemon.send(TestDaemon.event("e1", "go", 1));
      write(pair("a", "other") + pair("c", "x").replace("[go]", "[stop]"));
      List<String> plan = List.of("a kept edited 1", "c added edited 0", "b removed edited 1");
      assertThat(fates(reload(daemon, "?dry_run=true", 200))).isEqualTo(plan);
      assertThat(daemon.total("*.automation.*ted")).isZero();
      assertThat(fates(reload(daemon, "", 200))).isEqualTo(plan);
      assertThat(fates(reload(daemon, "", 200))).isEqualTo(List.of("a kept 1", "c kept 0"));
      List<JsonNode> told = daemon.await("*.automation.?*ted", 3);
      assertThat(told)
          .extracting(event -> event.path("resource").path("prefect-cloud.fate").asString())
          .containsExactly("kept", "added", "removed");
      assertThat(told.getFirst().path("payload").path("by").asString())
          .isEqualTo("POST /api/reload from 127.0.0.1");
      daemon.send(TestDaemon.event("e2", "go", 2));
      assertThat(daemon.await("*.automation.triggered", 1)).hasSize(1);
    }
  }

  @Test
  void whatIsInvalidChangesNothingAndEveryProblemIsNamed() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, pair("a", "x"))) {
      daemon.send(TestDaemon.event("e1", "go", 1));
      write(pair("a", "x").replace("threshold: 2", "threshold: none, withn: 3"));
      JsonNode answer = reload(daemon, "", 422);
      assertThat(answer.path("exception_detail")).hasSize(2);
      JsonNode problem = answer.path("exception_detail").get(0);
      assertThat(problem.path("file").asString()).endsWith("automations.yaml");
      assertThat(problem.path("line").asInt()).isEqualTo(5);
      assertThat(daemon.get("/metrics").body())
          .contains("tocsin_reloads_total{outcome=\"failed\"} 1.0");
      assertThat(daemon.await("*.engine.reload.failed", 1).getFirst().path("payload").path("count"))
          .isEqualTo(JSON.valueToTree(2));
      daemon.send(TestDaemon.event("e2", "go", 2));
      assertThat(daemon.await("*.automation.triggered", 1)).hasSize(1);
    }
  }

  @Test
  void allAutomationsAreNotRemovedByMistake() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, pair("a", "x"))) {
      write("  []");
      assertThat(reload(daemon, "", 422).path("exception_message").asString())
          .contains("the a")
          .contains("--allow-empty");
      assertThat(fates(reload(daemon, "?allow_empty=true", 200)))
          .isEqualTo(List.of("a removed edited 0"));
    }
  }

  @Test
  void aRotatedSecretCountsFromTheNextAttempt() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      Path secret = Files.writeString(folder.resolve("secret"), "first");
      String webhooks = "{hook: {url: '" + receiver.url() + "/${file:" + secret + "}'}}";
      String automation =
          """
          - id: a
            name: a
            trigger: {expect: [go]}
            actions: [{type: call-webhook, webhook: hook, body: x}]
          """;
      try (TestDaemon daemon = TestDaemon.start(folder, automation, "webhooks=" + webhooks)) {
        daemon.send(TestDaemon.event("e1", "go", 1));
        assertThat(receiver.next().path()).isEqualTo("/first");
        Files.writeString(secret, "second");
        reload(daemon, "", 200);
        daemon.send(TestDaemon.event("e2", "go", 2));
        assertThat(receiver.next().path()).isEqualTo("/second");
      }
    }
  }

  @Test
  void aSettingThatNeedsARestartIsNamed() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, pair("a", "x"))) {
      Path config = folder.resolve("tocsin.yaml");
      Files.writeString(config, Files.readString(config) + "\nmax_batch: 77\n");
      assertThat(reload(daemon, "", 200).path("need_restart"))
          .isEqualTo(JSON.readTree("[\"max_batch\"]"));
    }
  }

  /** A lapse that needs a restart does not count yet, for what is longer or for what is not. */
  @Test
  void automationsAreCheckedAgainstTheSettingsInForce() throws Exception {
    String patient =
        """
        - id: p
          name: p
          trigger: {posture: Proactive, expect: [go], within: 1h, lateness: %s}
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = TestDaemon.start(folder, pair("a", "x"))) {
      Path config = folder.resolve("tocsin.yaml");
      String settings = Files.readString(config);
      Files.writeString(config, settings + "\nlapse: 1h\n");
      write(patient.formatted("30m"));
      assertThat(reload(daemon, "?dry_run=true", 422).toString()).contains("lateness");
      Files.writeString(config, settings + "\nlapse: 1m\n");
      write(patient.formatted("10m"));
      assertThat(reload(daemon, "?dry_run=true&allow_empty=true", 200).path("need_restart"))
          .isEqualTo(JSON.readTree("[\"lapse\"]"));
    }
  }

  @Test
  void aWatchedFileIsReloadedWhenItHasChanged() throws Exception {
    VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T04:00:00Z"));
    try (TestDaemon daemon =
        TestDaemon.start(folder, pair("a", "x"), time, store -> store, "watch=true")) {
      write(pair("a", "other"));
      while (daemon.total("*.automation.updated") == 0) {
        time.passBy(FileWatch.INTERVAL);
      }
      assertThat(
              daemon
                  .events("*.automation.updated")
                  .getFirst()
                  .path("payload")
                  .path("by")
                  .asString())
          .isEqualTo("watch");
      write(pair("a", "other").replace("threshold: 2", "threshold: none"));
      while (daemon.total("*.engine.reload.failed") == 0) {
        time.passBy(FileWatch.INTERVAL);
      }
      assertThat(daemon.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  /** Bodies, descriptions and order change, half of the reloads are invalid: firings do not. */
  @Test
  void reloadsUnderLoadChangeNoFiring() throws Exception {
    // Each resource has two events, and fires with the second one.
    int events = 400;
    TreeSet<String> without = new TreeSet<>();
    TreeSet<String> with = new TreeSet<>();
    String automations = counting("a", "zero") + counting("b", "zero");
    Path still = Files.createDirectory(folder.resolve("still"));
    try (TestDaemon daemon = TestDaemon.start(still, automations)) {
      send(daemon, events);
      firings(daemon, events, without);
    }
    try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> send(daemon, events));
      for (int i = 0; i < 100; i++) {
        boolean isValid = i % 2 == 0;
        String a = counting("a", "of " + i);
        String b = counting("b", "of " + i);
        write(isValid ? (i % 4 == 0 ? b + a : a + b) : a.replace("threshold: 2", "threshold: x"));
        reload(daemon, "", isValid ? 200 : 422);
      }
      load.join();
      firings(daemon, events, with);
      assertThat(daemon.total("*.engine.reload.failed")).isEqualTo(50);
    }
    assertThat(with).isEqualTo(without).hasSize(events);
  }

  private static void send(TestDaemon daemon, int events) {
    try {
      for (int i = 0; i < events; i += 10) {
        StringBuilder list = new StringBuilder("[");
        for (int k = i; k < i + 10; k++) {
          String event = TestDaemon.event("e" + k, "go", k).replace("shop.1", "shop." + k / 2);
          list.append(k == i ? "" : ",").append(event);
        }
        assertThat(daemon.post(list.append("]").toString())).isBetween(200, 204);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Ids of all firings, as the events of them name them. */
  private static void firings(TestDaemon daemon, int count, Set<String> ids) throws Exception {
    while (daemon.total("*.automation.triggered") < count) {
      Thread.onSpinWait();
    }
    daemon
        .events("*.automation.triggered")
        .forEach(event -> ids.add(event.path("payload").path("firing").asString()));
  }
}
