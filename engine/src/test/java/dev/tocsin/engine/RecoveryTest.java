package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** Trigger state after a process that could not save it: it comes from the journal. */
class RecoveryTest {

  private static final String THREE =
      """
      - id: three
        name: three
        trigger: {expect: [x], threshold: 3, within: 60}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private void runWithoutACheckpointAtItsEnd(String automations, String... events)
      throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    try (TestDaemon daemon =
        TestDaemon.start(
            folder, automations, Schedulers.parallel(), store -> unsaved(store, started))) {
      started.set(true);
      for (String event : events) {
        daemon.send(event);
      }
    }
  }

  private static List<String> fired(TestDaemon daemon) throws Exception {
    return daemon.events("*.automation.triggered").stream()
        .map(event -> event.path("resource").path("prefect.resource.name").asString())
        .toList();
  }

  @Test
  void windowsAndPausesAreReadFromTheJournal() throws Exception {
    String pause =
        """
        - id: pause
          name: pause
          trigger: {expect: [stop], threshold: 1}
          actions: [{type: pause-automation, source: selected, automation_id: other}]
        - {id: other, name: other, trigger: {expect: [y]}, actions: [{type: do-nothing}]}
        """;
    runWithoutACheckpointAtItsEnd(
        THREE + pause, TestDaemon.event("x1", "x", 1), TestDaemon.event("s1", "stop", 1));
    runWithoutACheckpointAtItsEnd(THREE + pause, TestDaemon.event("x2", "x", 2));
    try (TestDaemon daemon = TestDaemon.start(folder, THREE + pause)) {
      daemon.await("*.action.executed", 1);
      daemon.send(TestDaemon.event("y1", "y", 3));
      daemon.send(TestDaemon.event("x3", "x", 3));
      daemon.await("*.action.executed", 2);
      assertThat(fired(daemon)).containsExactlyInAnyOrder("pause", "three");
    }
  }

  /** With a lapse of a minute the first event would have been forgotten when the second came. */
  @Test
  void entriesBeforeAStartAreEvaluatedWithTheSettingsOfThen() throws Exception {
    VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:00:00Z"));
    AtomicBoolean killed = new AtomicBoolean();
    try (TestDaemon daemon =
        TestDaemon.start(folder, THREE, time, store -> unsaved(store, killed), "lapse=1h")) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      time.passBy(Duration.ofMinutes(30));
      daemon.send(TestDaemon.event("x2", "x", 2));
      killed.set(true);
    }
    try (TestDaemon daemon = TestDaemon.start(folder, THREE, time, store -> store, "lapse=1m")) {
      daemon.send(TestDaemon.event("x3", "x", 3));
      daemon.await("*.automation.triggered", 1);
      assertThat(fired(daemon)).containsExactly("three");
      daemon.send(TestDaemon.event("x4", "x", 4));
      time.passBy(Duration.ofMinutes(30));
      daemon.send(TestDaemon.event("x5", "x", 5));
      daemon.send(TestDaemon.event("x6", "x", 6));
      assertThat(daemon.total("*.automation.triggered")).as("lapse of now").isEqualTo(1);
    }
  }

  private static Store unsaved(Store store, AtomicBoolean killed) {
    return WatchedStore.of(store, WatchedStore.unsaved(killed));
  }

  @Test
  void aTriggerThatIsNewHasSeenNothing() throws Exception {
    String two = THREE.replace("three", "two").replace("threshold: 3", "threshold: 2");
    runWithoutACheckpointAtItsEnd(
        THREE, TestDaemon.event("x1", "x", 1), TestDaemon.event("x2", "x", 2));
    try (TestDaemon daemon = TestDaemon.start(folder, THREE + two)) {
      daemon.send(TestDaemon.event("x3", "x", 3));
      daemon.await("*.action.executed", 1);
      assertThat(fired(daemon)).containsExactly("three");
      daemon.send(TestDaemon.event("x4", "x", 4));
      daemon.await("*.action.executed", 2);
      assertThat(fired(daemon)).containsExactly("three", "two");
    }
  }

  @Test
  void checkpointsAreAsOftenAsTheSettingSays() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, THREE, "checkpoint_every=10")) {
      long atStart = checkpoints(daemon);
      for (int i = 0; i < 25; i++) {
        daemon.send(TestDaemon.event("y" + i, "y", i));
      }
      while (checkpoints(daemon) < atStart + 2) {
        Thread.onSpinWait();
      }
    }
  }

  private static long checkpoints(TestDaemon daemon) throws Exception {
    String count = "tocsin_checkpoint_duration_seconds_count ";
    return daemon
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(count))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(count.length())))
        .findFirst()
        .orElseThrow();
  }
}
