package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More is due than can be evaluated: senders are refused and not kept waiting. */
@Tag("long")
class OverloadTest {

  private static final int KEYS = 40_000;

  @TempDir Path folder;

  private static final String SILENT =
      """
      - id: silent
        name: silent
        trigger:
          posture: Proactive
          expect: [beat]
          for_each: [prefect.resource.id]
          within: 1s
          repeat: 1s
        actions: [{type: do-nothing}]
      """;

  private static int post(HttpClient http, URI address, String json) throws Exception {
    return http.send(
            HttpRequest.newBuilder(address.resolve("/api/events"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static String beats() {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < KEYS; i++) {
      list.append(i == 0 ? "" : ",")
          .append(TestDaemon.event("b" + i, "beat", 0).replace("shop.1", "key." + i));
    }
    return list.append("]").toString();
  }

  @Test
  void sendersAreRefusedInTimeAndTheJournalSaysWhy() throws Exception {
    Map<Integer, Integer> answers = new TreeMap<>();
    try (DaemonProcess daemon = DaemonProcess.start(folder, SILENT, "startup_grace=0s");
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = served(daemon);
      assertThat(post(http, address, beats())).isEqualTo(204);
      for (int i = 0; answers.getOrDefault(204, 0) < 3 || !answers.containsKey(429); i++) {
        answers.merge(post(http, address, TestDaemon.event("e" + i, "x", 0)), 1, Integer::sum);
        assertThat(answers.keySet()).isSubsetOf(204, 429);
      }
    }
    try (StoredRows rows = new StoredRows(DaemonProcess.data(folder))) {
      assertThat(
              rows.count(
                  "SELECT COUNT(*) FROM entry WHERE CAST(body AS TEXT) LIKE"
                      + " '%\"cause\":\"overloaded\"%'"))
          .isPositive();
      assertThat(rows.ids("SELECT id FROM entry WHERE name = 'x'"))
          .hasSize(answers.getOrDefault(204, 0));
    }
    assertThat(Files.readString(DaemonProcess.log(folder)))
        .contains("(overloaded): absences follow their on_blind.");
  }

  private static URI served(DaemonProcess daemon) throws IOException {
    return Objects.requireNonNull(daemon.address(), "it ended before it served");
  }
}
