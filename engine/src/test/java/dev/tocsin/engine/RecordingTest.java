package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A recorded stream of a real Prefect server through a daemon, with the automations it ran. */
class RecordingTest {

  private static final String FILE = "prefect-events.ndjson";
  private static final int EVENTS = 6_247;
  private static final int LIST = 500;

  /**
   * What fires; the recording holds 15 failed actions of Prefect's own, three of one automation.
   */
  private static final Map<String, Long> FIRINGS =
      new TreeMap<>(
          Map.of(
              "customer-card-declined-5-times", 7L,
              "deployment-running-late", 18L,
              "lake-asset-failed", 11L,
              "pause-automation-whose-actions-fail", 3L,
              "same-flow-failed-3-times-in-60s", 5L,
              "warehouse-slots-busy", 1L));

  private static final int FIRED = 45;
  private static final int CALLED = 30;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void isStoredOnceAndFiresAsItShouldHoweverOftenItIsSent() throws Exception {
    List<String> recording = complete(recording());
    try (WebhookReceiver receiver = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(folder, automations(), "webhooks=" + webhooks(receiver.url()))) {
      send(recording, daemon);
      daemon.await("prefect-cloud.automation.action.*ed", FIRED * 2);
      send(recording, daemon);

      Map<String, Long> fired =
          daemon.events("prefect-cloud.automation.triggered").stream()
              .map(event -> event.required("resource").get("prefect.resource.name").asString())
              .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
      assertThat(fired).isEqualTo(FIRINGS);
      assertThat(daemon.events("prefect-cloud.automation.action.triggered")).hasSize(FIRED);
      assertThat(receiver.waiting()).isEqualTo(CALLED);
      assertThat(daemon.get("/api/events?limit=1").body())
          .contains("\"total\":" + (EVENTS + FIRED * 3));
    }
  }

  @Test
  void theRecordingIsWhole() throws IOException {
    assertThat(recording()).hasSize(EVENTS);
  }

  private static void send(List<String> events, TestDaemon daemon)
      throws IOException, InterruptedException {
    for (int from = 0; from < events.size(); from += LIST) {
      List<String> list = events.subList(from, Math.min(from + LIST, events.size()));
      daemon.send("[" + String.join(",", list) + "]");
    }
  }

  /**
   * Without the {@code follows} that lead out of the recording: sent in a moment, such events would
   * wait for the whole of it, and be too late for their windows.
   */
  private static List<String> complete(List<String> recording) {
    Set<String> ids = recording.stream().map(line -> field(line, "id")).collect(Collectors.toSet());
    return recording.stream()
        .map(
            line -> {
              String follows = field(line, "follows");
              return follows.isEmpty() || ids.contains(follows)
                  ? line
                  : ((ObjectNode) JSON.readTree(line)).without("follows").toString();
            })
        .toList();
  }

  private static String field(String line, String name) {
    return JSON.readTree(line).path(name).asString("");
  }

  private static List<String> recording() throws IOException {
    try (InputStream packed =
            RecordingTest.class.getResourceAsStream("/recording/" + FILE + ".gz");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  private static String automations() throws IOException {
    try (InputStream in = RecordingTest.class.getResourceAsStream("/recording/reactive.yaml")) {
      String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return file.substring(file.indexOf("  - name:"));
    }
  }

  /** The blocks that the automations name. */
  private static String webhooks(String url) {
    return """
    {ops: {url: "%s", block_document_id: 3541c21e-8619-4cd0-a578-500e4b6560ef},
     pager: {url: "%s", block_document_id: 2b9c1338-3464-4bf0-b011-06cfe5a30c41}}\
    """
        .formatted(url, url);
  }
}
