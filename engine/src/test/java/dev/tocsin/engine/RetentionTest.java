package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that forgets its events, and nothing else. */
class RetentionTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

  private static final String THIRD =
      """
      - id: third
        name: third
        trigger: {expect: [x], threshold: 3, within: 10h}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private final VirtualTime time = new VirtualTime(START);

  private TestDaemon start() throws Exception {
    return TestDaemon.start(folder, THIRD, time, store -> store, "retention_age=1h");
  }

  private static void awaitMeter(TestDaemon daemon, String line) throws Exception {
    while (daemon.get("/metrics").body().lines().noneMatch(line::equals)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void eventsGoByAgeAlsoWhereFewComeAndNothingIsStarted() throws Exception {
    try (TestDaemon daemon = start()) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.send(TestDaemon.event("e2", "x", 2));
      time.passBy(Duration.ofHours(2));
      daemon.send(TestDaemon.event("e3", "x", 3));
      daemon.await("*.action.executed", 1);
      time.passBy(Duration.ofSeconds(30));
      awaitMeter(daemon, "tocsin_store_dropped_total 2.0");
      assertThat(daemon.total("x")).isEqualTo(1);
    }
  }

  @Test
  void eventsGoByAgeAndTriggersKeepWhatTheySaw() throws Exception {
    try (TestDaemon daemon = start()) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.send(TestDaemon.event("e2", "x", 2));
      assertThat(daemon.get("/metrics").body())
          .contains("tocsin_store_segments 1.0", "tocsin_store_dropped_total 0.0");
    }
    time.passBy(Duration.ofMinutes(1));
    try (TestDaemon daemon = start()) {
      // Accepted later, it would be as new as the last checkpoint, and keep its segment.
      daemon.await("*.engine.blind", 1);
      time.passBy(Duration.ofMinutes(30));
      assertThat(daemon.total("x")).isEqualTo(2);
      time.passBy(Duration.ofHours(2));
      // The events, and what says that the daemon was down between its runs.
      awaitMeter(daemon, "tocsin_store_dropped_total 4.0");
      awaitMeter(daemon, "tocsin_store_segments 0.0");
      assertThat(daemon.total("x")).isZero();
      HttpResponse<String> behind = daemon.get("/api/journal?after=1");
      assertThat(behind.statusCode()).isEqualTo(410);
      assertThat(behind.body())
          .contains("Retention dropped entries up to 6, some of them after 1.");
      assertThat(daemon.get("/api/journal").body()).contains("\"last\":6");
      daemon.send(TestDaemon.event("e3", "x", 3));
      daemon.await("*.action.executed", 1);
      assertThat(daemon.events("*.automation.triggered")).hasSize(1);
    }
    try (TestDaemon daemon = start()) {
      assertThat(daemon.total("x")).isEqualTo(1);
    }
  }
}
