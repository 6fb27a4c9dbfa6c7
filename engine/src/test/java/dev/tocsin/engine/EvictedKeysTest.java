package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A trigger that holds too many keys gives some up: all are counted, the first of a minute told.
 */
class EvictedKeysTest {

  private static final String EVICTED = "*.automation.key.evicted";

  private static final String TWO_KEYS =
      """
      - id: two
        name: two keys
        trigger: {expect: [x], for_each: [prefect.resource.id], threshold: 2, within: 1h, max_keys: 2}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:00:00Z"));
  private int sent;

  private TestDaemon start(String automations) throws Exception {
    return TestDaemon.start(folder, automations, time, store -> store);
  }

  /** One event each of so many keys that were never seen. */
  private void sendKeys(TestDaemon daemon, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String id = "e" + sent++;
      daemon.send(TestDaemon.event(id, "x", 0).replace("shop.1", "key." + id));
    }
  }

  private List<JsonNode> told(TestDaemon daemon) throws Exception {
    String fence = "fence-" + sent++;
    daemon.send(TestDaemon.event(fence, "fence", 0));
    daemon.send(TestDaemon.event(fence + "-again", "fence", 0));
    return daemon.events(EVICTED);
  }

  private static String counted(TestDaemon daemon) throws Exception {
    return daemon
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("tocsin_keys_evicted_total"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allAreCountedAndTheFirstOfAMinuteIsTold() throws Exception {
    try (TestDaemon daemon = start(TWO_KEYS)) {
      sendKeys(daemon, 2);
      assertThat(told(daemon)).isEmpty();
      sendKeys(daemon, 10);
      JsonNode first = told(daemon).getFirst();
      assertThat(told(daemon)).hasSize(1);
      assertThat(counted(daemon)).isEqualTo("tocsin_keys_evicted_total 10.0");
      assertThat(first.path("resource").toString())
          .isEqualTo(
              """
              {"prefect.resource.id":"prefect-cloud.automation.two",\
              "prefect.resource.name":"two keys","prefect-cloud.posture":"Reactive"}\
              """);
      assertThat(first.path("payload").toString())
          .isEqualTo("{\"labels\":{\"prefect.resource.id\":\"key.e0\"}}");
      assertThat(first.path("related").path(0).path("prefect.resource.id").asString())
          .as("what made it one too many")
          .startsWith("prefect.event.e");

      time.passBy(Duration.ofSeconds(60));
      sendKeys(daemon, 3);
      assertThat(told(daemon)).hasSize(2);
    }
  }

  @Test
  void aKillDoesNotTellItTwice() throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    String first;
    try (TestDaemon daemon =
        TestDaemon.start(
            folder,
            TWO_KEYS,
            time,
            store -> WatchedStore.of(store, WatchedStore.unsaved(started)))) {
      started.set(true);
      sendKeys(daemon, 3);
      first = told(daemon).getFirst().path("id").asString();
    }
    time.passBy(Duration.ofSeconds(59));
    try (TestDaemon daemon = start(TWO_KEYS)) {
      sendKeys(daemon, 3);
      assertThat(told(daemon))
          .extracting(event -> event.path("id").asString())
          .containsExactly(first);
    }
  }

  @Test
  void whatHasNoRoomAfterAnEditIsToldAtTheStart() throws Exception {
    try (TestDaemon daemon = start(TWO_KEYS)) {
      sendKeys(daemon, 2);
    }
    try (TestDaemon daemon = start(TWO_KEYS.replace("max_keys: 2", "max_keys: 1"))) {
      JsonNode told = daemon.await(EVICTED, 1).getFirst();
      assertThat(told.path("payload").toString())
          .isEqualTo("{\"labels\":{\"prefect.resource.id\":\"key.e0\"}}");
      assertThat(told.path("related")).isEmpty();
      assertThat(counted(daemon)).isEqualTo("tocsin_keys_evicted_total 1.0");
    }
  }

  @Test
  void itCanTriggerAndDoesNotFeedItself() throws Exception {
    String watch =
        """
        - id: watch
          name: watch
          trigger: {expect: ["*.automation.key.evicted"], match: {prefect.resource.name: two keys}}
          actions: [{type: do-nothing}]
        - id: greedy
          name: greedy
          trigger:
            match_all: true
            for_each: [prefect.resource.id]
            threshold: 2
            within: 1h
            max_keys: 1
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = start(TWO_KEYS + watch)) {
      sendKeys(daemon, 20);
      daemon.await("*.action.executed", 1);
      assertThat(told(daemon))
          .extracting(event -> event.path("resource").path("prefect.resource.name").asString())
          .containsExactlyInAnyOrder("two keys", "greedy");
    }
  }
}
