package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host's clock that was wrong for seconds costs seconds. */
class ClockFaultsTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final String TRIGGERED = "*.automation.triggered";
  private static final String WATCHES =
      watch("extend", "5s") + watch("fire", "5s") + watch("suppress", "5s");

  @TempDir Path folder;

  private final VirtualTime time = new VirtualTime(START);

  private static String watch(String onBlind, String within) {
    return """
    - id: %1$s
      name: %1$s
      trigger:
        posture: Proactive
        match: {prefect.resource.id: shop.*}
        expect: [beat]
        for_each: [prefect.resource.id]
        within: %2$s
        on_blind: %1$s
      actions: [{type: do-nothing}]
    """
        .formatted(onBlind, within);
  }

  private TestDaemon start(String automations, String... settings) throws Exception {
    return TestDaemon.start(folder, automations, time, store -> store, settings);
  }

  /** Each ends as a kill would: without its last checkpoint. */
  private TestDaemon startToBeKilled(AtomicBoolean killed) throws Exception {
    return TestDaemon.start(
        folder, WATCHES, time, store -> WatchedStore.of(store, WatchedStore.unsaved(killed)));
  }

  private void step(Duration by) {
    time.step(by, Duration.ZERO);
  }

  private void pass(int seconds) {
    time.passBy(Duration.ofSeconds(seconds));
  }

  private void beat(TestDaemon daemon, String id) throws Exception {
    daemon.send(
        """
        {"id": "%1$s", "occurred": "%2$s", "event": "beat",\
         "resource": {"prefect.resource.id": "shop.%1$s"}}\
        """
            .formatted(id, time.instant()));
  }

  private void awaitMark() throws Exception {
    Path mark = folder.resolve("data").resolve("alive");
    String host = " " + time.instant().toString().substring(0, 19);
    while (!Files.exists(mark) || !Files.readString(mark).contains(host)) {
      Thread.onSpinWait();
    }
  }

  /** After a silence of something that was not absent yet, all three fire, as without any fault. */
  private void assertSilenceIsNoticed(TestDaemon daemon, String id) throws Exception {
    int before = daemon.total(TRIGGERED);
    beat(daemon, id);
    pass(4);
    daemon.send(TestDaemon.event(id + "-fence", "fence", 0));
    assertThat(daemon.total(TRIGGERED)).isEqualTo(before);
    pass(3);
    daemon.await(TRIGGERED, before + 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600, 86_400, 31_536_000})
  void aStartWithAWrongClockSwitchesNoAbsenceOff(long wrongBy) throws Exception {
    try (TestDaemon daemon = start(WATCHES)) {
      beat(daemon, "b1");
      pass(1);
      awaitMark();
    }
    step(Duration.ofSeconds(wrongBy));
    AtomicBoolean killed = new AtomicBoolean();
    try (TestDaemon daemon = startToBeKilled(killed)) {
      killed.set(true);
      pass(8);
      awaitMark();
      assertThat(daemon.total(TRIGGERED)).isZero();
    }
    step(Duration.ofSeconds(-wrongBy));
    try (TestDaemon daemon = start(WATCHES)) {
      assertThat(daemon.get("/ready?verbose").body())
          .contains("The engine's clock is ", " ahead of the host's clock");
      pass(60);
      daemon.await(TRIGGERED, 3);
      assertSilenceIsNoticed(daemon, "b2");
    }
    assertThat(entries()).filteredOn(JournalEntry.ClockSetBackEntry.class::isInstance).hasSize(1);
    // A recovery decides the same.
    try (TestDaemon daemon = start(WATCHES, "startup_grace=0s")) {
      assertSilenceIsNoticed(daemon, "b3");
    }
  }

  @Test
  void aStepAnHourForwardAndBackWhileItRunsSwitchesNoAbsenceOff() throws Exception {
    try (TestDaemon daemon = start(WATCHES)) {
      assertSilenceIsNoticed(daemon, "b1");
      step(Duration.ofHours(1));
      pass(3);
      daemon.await("*.engine.blind", 1);
      step(Duration.ofHours(-1));
      pass(2);
      assertSilenceIsNoticed(daemon, "b2");
      assertThat(daemon.get("/metrics").body())
          .contains(
              "tocsin_clock_jumps_total{direction=\"forward\"} 1.0",
              "tocsin_clock_jumps_total{direction=\"back\"} 1.0")
          .containsPattern("tocsin_clock_ahead 35[0-9]{2}\\.");
    }
  }

  /** First back, then right again: the engine's clock runs through. */
  @Test
  void aStepBackAndForwardAgainIsNoGap() throws Exception {
    try (TestDaemon daemon = start(WATCHES)) {
      step(Duration.ofHours(-1));
      pass(3);
      step(Duration.ofHours(1));
      pass(3);
      assertSilenceIsNoticed(daemon, "b1");
      assertThat(daemon.total("*.engine.blind")).isZero();
      assertThat(daemon.get("/metrics").body()).containsPattern("tocsin_clock_ahead [01]\\.");
    }
  }

  /** What the engine could not see is still so while its clock is ahead of the host's. */
  @Test
  void anOutageCountsAsBlindByTheHostsClock() throws Exception {
    step(DAY);
    start(WATCHES).close();
    step(DAY.negated());
    try (TestDaemon daemon = start(WATCHES, "startup_grace=0s")) {
      beat(daemon, "b1");
      pass(2);
      awaitMark();
    }
    pass(600);
    try (TestDaemon daemon = start(WATCHES, "startup_grace=0s")) {
      pass(6);
      daemon.await(TRIGGERED, 1);
      daemon.send(TestDaemon.event("fence", "fence", 0));
      assertThat(daemon.events(TRIGGERED)).as("only the one that fires all the same").hasSize(1);
      pass(700);
      daemon.await(TRIGGERED, 3);
    }
    assertThat(entries())
        .filteredOn(JournalEntry.BlindEntry.class::isInstance)
        .last()
        .extracting(entry -> ((JournalEntry.BlindEntry) entry).until())
        .isEqualTo(START.plusSeconds(602));
  }

  private List<JournalEntry> entries() {
    try (Store store = Stores.open(folder.resolve("data"))) {
      return store.entries(0, 1_000);
    }
  }

  @Test
  void retentionDropsNothingByAgeRightAfterAGap() throws Exception {
    String[] settings = {"retention_age=30d", "checkpoint_every=1000"};
    try (TestDaemon daemon = start(WATCHES, settings)) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.send(TestDaemon.event("e2", "x", 2));
      pass(1);
      awaitMark();
    }
    step(Duration.ofDays(40));
    try (TestDaemon daemon = start(WATCHES, settings)) {
      time.passBy(Duration.ofMinutes(30));
      daemon.send(TestDaemon.event("fence", "fence", 0));
      assertThat(daemon.total("x")).isEqualTo(2);
    }
    step(Duration.ofDays(-40));
    try (TestDaemon daemon = start(WATCHES, settings)) {
      time.passBy(Duration.ofHours(3));
      daemon.send(TestDaemon.event("fence-2", "fence", 0));
      assertThat(daemon.total("x")).as("the clock was wrong").isEqualTo(2);
    }
    step(Duration.ofDays(40));
    try (TestDaemon daemon = start(WATCHES, settings)) {
      time.passBy(Duration.ofHours(3));
      while (daemon.total("x") > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatIsAheadOfTheHostAndNotOfReceiptIsAccepted() throws Exception {
    step(Duration.ofHours(3));
    try (TestDaemon daemon = start(WATCHES)) {
      pass(1);
      step(Duration.ofHours(-3));
      pass(1);
      assertThat(daemon.post(TestDaemon.event("ahead", "x", 0).replace("T03:", "T05:")))
          .isEqualTo(204);
      assertThat(daemon.post(TestDaemon.event("beyond", "x", 0).replace("T03:", "T08:")))
          .isEqualTo(422);
    }
  }
}
