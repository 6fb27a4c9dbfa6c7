package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What fires because time passes: on the daemon's own clock, with no traffic at all. */
class AbsenceTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");
  private static final String TRIGGERED = "*.automation.triggered";
  private static final String RESOLVED = "*.automation.resolved";

  private static final String SHIPPED =
      """
      - id: shipped
        name: Paid, and not shipped
        trigger:
          posture: Proactive
          match: {prefect.resource.id: shop.*}
          after: [paid]
          expect: [shipped]
          for_each: [prefect.resource.id]
          within: 30
        actions: [{type: do-nothing}]
      """;

  private static final String BEAT =
      """
      - id: beat
        name: Heartbeat
        trigger:
          posture: Proactive
          match: {prefect.resource.id: host.*}
          expect: [beat]
          for_each: [prefect.resource.id]
          within: 30
          on_blind: fire
        actions: [{type: do-nothing}]
        actions_on_trigger: [{type: do-nothing}]
        actions_on_resolve: [{type: emit-event, event: is.back, resource: {prefect.resource.id: x}}]
      """;

  private static final String ALIVE =
      """
      - id: alive
        name: alive
        trigger: {posture: Proactive, expect: [beat], within: 30, repeat: 10, on_blind: fire}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private VirtualTime time = new VirtualTime(START);

  private TestDaemon start(String automations) throws Exception {
    return start(automations, _ -> {});
  }

  private TestDaemon start(String automations, Consumer<String> before) throws Exception {
    return TestDaemon.start(
        folder,
        automations,
        time,
        store -> WatchedStore.of(store, before),
        "lapse=1h",
        "startup_grace=0s");
  }

  /** One whose end is a kill: it saves no checkpoint but that of its start. */
  private TestDaemon startForAKill(String automations) throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    TestDaemon daemon = start(automations, WatchedStore.unsaved(started));
    started.set(true);
    return daemon;
  }

  private static String beat(String id, String host, int second) {
    return TestDaemon.event(id, "beat", second).replace("shop.1", host);
  }

  private void passTo(int second) {
    time.passTo(START.plusSeconds(second));
  }

  /** What an event comes for: whatever was due before it has its consequences now. */
  private static void fence(TestDaemon daemon, String id) throws Exception {
    daemon.send(TestDaemon.event(id, "fence", 0));
    daemon.send(TestDaemon.event(id + "-again", "fence", 0));
  }

  private static List<String> times(List<JsonNode> events) {
    return events.stream().map(event -> event.path("occurred").asString().substring(14)).toList();
  }

  private static List<String> ids(List<JsonNode> events) {
    return events.stream().map(event -> event.path("payload").path("firing").asString()).toList();
  }

  @Test
  void anAbsenceFiresAtItsDeadlineWithoutTraffic() throws Exception {
    try (TestDaemon daemon = start(BEAT)) {
      daemon.send(beat("b1", "host.1", 0));
      time.passBy(Duration.ofMillis(29_999));
      fence(daemon, "f");
      assertThat(daemon.events(TRIGGERED)).isEmpty();

      time.passBy(Duration.ofMillis(1));
      JsonNode fired = daemon.await(TRIGGERED, 1).getFirst();

      assertThat(times(List.of(fired))).containsExactly("00:30Z");
      assertThat(fired.path("resource").path("prefect-cloud.posture").asString())
          .isEqualTo("Proactive");
      assertThat(fired.path("related").path(0).path("prefect.resource.id").asString())
          .isEqualTo("prefect.event.b1");
      assertThat(fired.path("payload").path("triggering_event").path("id").asString())
          .as("the last event that was covered")
          .isEqualTo("b1");
      assertThat(fired.path("payload").path("triggering_labels").path("prefect.resource.id"))
          .hasToString("\"host.1\"");
      assertThat(fired.path("payload").path("reason").asString())
          .isEqualTo("0 of 1 expected event in the 30s before 2026-01-02T03:00:30Z.");
      daemon.await("*.action.executed", 2);
    }
  }

  /** Their events occurred at one time, or a blind interval has extended both to its end. */
  @Test
  void twoWindowsOfAKeyWithOneDeadlineAreTwoFirings() throws Exception {
    try (TestDaemon daemon = start(SHIPPED)) {
      daemon.send(TestDaemon.event("paid-1", "paid", 0));
      passTo(30);
      daemon.await(TRIGGERED, 1);
      daemon.send(TestDaemon.event("paid-2", "paid", 0));
      passTo(60);
      List<JsonNode> fired = daemon.await(TRIGGERED, 2);
      assertThat(times(fired)).containsExactly("00:30Z", "00:30Z");
      assertThat(
              fired.stream()
                  .map(each -> each.path("payload").path("triggering_event").path("id").asString()))
          .containsExactly("paid-1", "paid-2");
    }
  }

  @Test
  void whatWasNeverSeenHasNoTriggeringEvent() throws Exception {
    try (TestDaemon daemon = start(ALIVE)) {
      passTo(30);
      JsonNode fired = daemon.await(TRIGGERED, 1).getFirst();
      assertThat(times(List.of(fired))).containsExactly("00:30Z");
      assertThat(fired.path("payload").path("triggering_event").isNull()).isTrue();
      assertThat(fired.path("related")).isEmpty();
    }
  }

  @Test
  void repeatsEachAtItsOwnTimeHoweverLateTheTimerIs() throws Exception {
    try (TestDaemon daemon = start(ALIVE)) {
      passTo(65);
      assertThat(times(daemon.await(TRIGGERED, 4)))
          .containsExactly("00:30Z", "00:40Z", "00:50Z", "01:00Z");
      passTo(70);
      assertThat(times(daemon.await(TRIGGERED, 5))).endsWith("01:10Z");
    }
  }

  @Test
  void aReturnCarriesOutWhatIsForItAndNothingElse() throws Exception {
    try (TestDaemon daemon = start(BEAT)) {
      daemon.send(beat("b1", "host.1", 0));
      passTo(40);
      daemon.await("*.action.executed", 2);
      daemon.send(beat("b2", "host.1", 40));
      JsonNode resolved = daemon.await(RESOLVED, 1).getFirst();
      assertThat(times(List.of(resolved))).containsExactly("00:40Z");
      daemon.await("is.back", 1);
      JsonNode executed = daemon.await("*.action.executed", 3).getLast();
      assertThat(executed.path("payload").path("action_index").asInt()).isZero();
      assertThat(executed.path("payload").path("action_type").asString()).isEqualTo("emit-event");
      passTo(70);
      assertThat(times(daemon.await(TRIGGERED, 2))).containsExactly("00:30Z", "01:10Z");
    }
  }

  @Test
  void aRestartKeepsDeadlinesAndFiresNothingTwice() throws Exception {
    try (TestDaemon daemon = start(BEAT)) {
      daemon.send(beat("b1", "host.1", 0));
      passTo(10);
      daemon.send(beat("b2", "host.2", 10));
      passTo(30);
      daemon.await("*.action.executed", 2);
    }
    passTo(35);
    try (TestDaemon daemon = start(BEAT)) {
      fence(daemon, "f");
      assertThat(daemon.events(TRIGGERED)).hasSize(1);
      passTo(40);
      assertThat(times(daemon.await(TRIGGERED, 2))).containsExactly("00:30Z", "00:40Z");
    }
  }

  @Test
  void whatFellDueWhileNothingRanFiresAtTheStartWithItsOwnTime() throws Exception {
    try (TestDaemon daemon = start(BEAT)) {
      daemon.send(beat("b1", "host.1", 0));
    }
    passTo(600);
    try (TestDaemon daemon = start(BEAT + ALIVE)) {
      assertThat(times(daemon.await(TRIGGERED, 1))).containsExactly("00:30Z");
      daemon.await("*.action.executed", 2);
      passTo(630);
      assertThat(times(daemon.await(TRIGGERED, 2)))
          .as("what is new is watched from the start on")
          .containsExactly("00:30Z", "10:30Z");
    }
  }

  @Test
  void aKillChangesNoFiring() throws Exception {
    List<String> undisturbed;
    try (TestDaemon daemon = start(BEAT + ALIVE)) {
      undisturbed = ids(story(daemon, 0, 6));
    }
    assertThat(undisturbed).hasSize(6).doesNotHaveDuplicates();
    for (int cut = 0; cut <= 6; cut++) {
      folder = Files.createDirectory(folder.resolve("cut-" + cut));
      time = new VirtualTime(START);
      try (TestDaemon daemon = startForAKill(BEAT + ALIVE)) {
        story(daemon, 0, cut);
      }
      try (TestDaemon daemon = startForAKill(BEAT + ALIVE)) {
        assertThat(ids(story(daemon, cut, 6))).as("cut at %s", cut).isEqualTo(undisturbed);
      }
      assertTicksAscend();
    }
  }

  /** Steps of one story, from one to another. Every step ends with the firings that it leads to. */
  private List<JsonNode> story(TestDaemon daemon, int from, int to) throws Exception {
    List<JsonNode> fired = daemon.events(TRIGGERED);
    for (int step = from; step < to; step++) {
      switch (step) {
        case 0 -> daemon.send(beat("b1", "host.1", 0));
        case 1 -> {
          passTo(10);
          daemon.send(beat("b2", "host.2", 10));
        }
        case 2 -> {
          passTo(30);
          fired = daemon.await(TRIGGERED, 1);
        }
        case 3 -> {
          passTo(40);
          fired = daemon.await(TRIGGERED, 3);
        }
        case 4 -> {
          passTo(55);
          fired = daemon.await(TRIGGERED, 4);
          daemon.send(beat("b3", "host.1", 55));
          daemon.await(RESOLVED, 2);
        }
        default -> {
          passTo(85);
          fired = daemon.await(TRIGGERED, 6);
        }
      }
    }
    return fired;
  }

  private void assertTicksAscend() {
    try (Store store = Stores.open(folder.resolve("data"))) {
      List<JournalEntry> journal = store.entries(0, 10_000);
      assertThat(journal).extracting(JournalEntry::received).isSorted();
      assertThat(journal).hasAtLeastOneElementOfType(JournalEntry.TickEntry.class);
    }
  }

  @Test
  void aBacklogInsideTheEngineIsNoAbsence() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean();
    Consumer<String> waiting =
        method -> {
          if (method.equals("commit") && hold.compareAndSet(true, false)) {
            held.countDown();
            await(released);
          }
        };
    try (TestDaemon daemon = start(BEAT, waiting)) {
      daemon.send(beat("b1", "host.1", 0));
      passTo(29);
      hold.set(true);
      CompletableFuture<?> stuck = daemon.postLater(TestDaemon.event("f", "fence", 29));
      held.await();
      CompletableFuture<?> queued = daemon.postLater(beat("b2", "host.1", 29));
      awaitDepth(daemon, 1);
      passTo(29 + 60);
      released.countDown();
      stuck.join();
      queued.join();
      assertThat(times(daemon.await(TRIGGERED, 1)))
          .as("b2 kept it from being absent at 30 s")
          .containsExactly("00:59Z");
    }
  }

  private static void awaitDepth(TestDaemon daemon, int depth) throws Exception {
    String line = "tocsin_queue_depth{queue=\"intake\"} " + depth + ".0";
    while (!daemon.get("/metrics").body().contains(line)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void moreThanOneTickHoldsFiresOnceEachAndInOrder() throws Exception {
    int hosts = 1_700;
    try (TestDaemon daemon = start(BEAT.replaceAll("(?m)^  actions(_on_trigger)?: .*\n", ""))) {
      List<String> beats = new ArrayList<>();
      for (int host = 0; host < hosts; host++) {
        beats.add(beat("b" + host, "host." + (10_000 + host), 0));
      }
      daemon.send("[" + String.join(",", beats) + "]");
      passTo(30);
      assertThat(labels(daemon, hosts)).isSorted().doesNotHaveDuplicates().hasSize(hosts);
    }
    assertTicksAscend();
  }

  private static List<String> labels(TestDaemon daemon, int count) throws Exception {
    while (daemon.total(TRIGGERED) < count) {
      Thread.onSpinWait();
    }
    List<String> labels = new ArrayList<>();
    long before = 0;
    JsonNode page = daemon.journal(before, TRIGGERED);
    while (page.path("last").asLong() > before) {
      for (JsonNode event : page.path("events")) {
        JsonNode of = event.path("payload").path("triggering_labels");
        labels.add(of.path("prefect.resource.id").asString());
      }
      before = page.path("last").asLong();
      page = daemon.journal(before, TRIGGERED);
    }
    return labels;
  }

  @Test
  void aPauseDropsTheDeadlineAndAResumeBeginsAnew() throws Exception {
    String switches =
        """
        - id: off
          name: off
          trigger: {expect: [off]}
          actions: [{type: pause-automation, source: selected, automation_id: alive}]
        - id: on
          name: on
          trigger: {expect: [on]}
          actions: [{type: resume-automation, source: selected, automation_id: alive}]
        """;
    String alive = ALIVE.replace("repeat: 10", "repeat: never");
    try (TestDaemon daemon = start(alive + switches)) {
      passTo(10);
      daemon.send(TestDaemon.event("off", "off", 10));
      daemon.await("*.action.executed", 1);
      passTo(60);
      fence(daemon, "f1");
    }
    try (TestDaemon daemon = start(alive + switches)) {
      passTo(100);
      fence(daemon, "f2");
      daemon.send(TestDaemon.event("on", "on", 100));
      daemon.await("*.action.executed", 2);
      passTo(130);
      daemon.await("*.action.executed", 3);
      assertThat(daemon.events(TRIGGERED))
          .extracting(event -> event.path("resource").path("prefect.resource.name").asString())
          .containsExactly("off", "on", "alive");
      assertThat(times(daemon.events(TRIGGERED))).endsWith("02:10Z");
    }
  }

  @Test
  void anEventWaitsForTheOneItFollowsAndThenGoesOnAlone() throws Exception {
    String order =
        """
        - id: each
          name: each
          trigger: {expect: [x]}
          actions: [{type: do-nothing}]
        """;
    String follower =
        TestDaemon.event("late", "x", 0).replace("\"event\"", "\"follows\": \"never\", \"event\"");
    try (TestDaemon daemon = start(order)) {
      daemon.send(follower);
      fence(daemon, "f");
      assertThat(daemon.events(TRIGGERED)).isEmpty();
      passTo(10);
      JsonNode fired = daemon.await(TRIGGERED, 1).getFirst();
      assertThat(fired.path("payload").path("triggering_event").path("id").asString())
          .isEqualTo("late");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
