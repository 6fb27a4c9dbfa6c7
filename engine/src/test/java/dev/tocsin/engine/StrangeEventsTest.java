package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Events of strange times and ids, sent to a running daemon. */
class StrangeEventsTest {

  private static final String AUTOMATIONS =
      """
      - id: each
        name: each
        trigger: {expect: [x]}
        actions: [{type: do-nothing}]
      - id: pair
        name: pair
        trigger: {expect: [x], threshold: 2, within: 1m}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private static String event(String id, String occurred) {
    return TestDaemon.event(id, "x", 0).replace("2026-01-02T03:00:00Z", occurred);
  }

  @Test
  void theDistantPastIsTakenAndTheFutureIsRefused() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, AUTOMATIONS)) {
      daemon.send(event("past", "0000-01-01T00:00:00Z"));
      daemon.send(event("later", "1969-12-31T23:59:59.999999Z"));
      assertThat(daemon.post(event("future", "9999-12-31T23:59:59Z"))).isEqualTo(422);
      assertThat(daemon.post(event("beyond", "10000-01-01T00:00:00Z"))).isEqualTo(422);
      assertThat(daemon.await("*.automation.triggered", 2))
          .extracting(fired -> fired.path("occurred").asString())
          .containsExactly("0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z");
      assertThat(daemon.total("x")).isEqualTo(2);
    }
  }

  @Test
  void oneIdWithTwoContentsIsTheFirstOfThem() throws Exception {
    String first = event("twice", "2026-01-02T03:00:00Z");
    String second = event("twice", "2026-01-02T03:00:30Z").replace("shop.1", "shop.2");
    try (TestDaemon daemon = TestDaemon.start(folder, AUTOMATIONS)) {
      daemon.send("[" + first + "," + second + "]");
      daemon.send(second);
      daemon.await("*.action.executed", 1);
      JsonNode stored = daemon.events("x").getFirst();
      assertThat(daemon.total("x")).isEqualTo(1);
      assertThat(stored.path("resource").path("prefect.resource.id").asString())
          .isEqualTo("shop.1");
      assertThat(daemon.total("*.automation.triggered")).as("each, and no pair").isEqualTo(1);
    }
  }
}
