package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.docs.Markdown;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.wire.FiringJson;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** When the engine could not see, and what absences then do. */
class BlindIntervalTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");
  private static final String TRIGGERED = "*.automation.triggered";
  private static final String BLIND = "*.engine.blind";
  private static final String THREE = watch("extend") + watch("fire") + watch("suppress");

  @TempDir Path folder;

  private final VirtualTime time = new VirtualTime(START);

  private static String watch(String onBlind) {
    return """
    - id: %1$s
      name: %1$s
      trigger:
        posture: Proactive
        match: {prefect.resource.id: shop.*}
        expect: [beat]
        for_each: [prefect.resource.id]
        within: 90
        on_blind: %1$s
      actions: [{type: do-nothing}]
    """
        .formatted(onBlind);
  }

  private TestDaemon start(String automations, Consumer<String> before, String... settings)
      throws Exception {
    return TestDaemon.start(
        folder, automations, time, store -> WatchedStore.of(store, before), settings);
  }

  private TestDaemon start(String automations, String... settings) throws Exception {
    return start(automations, _ -> {}, settings);
  }

  private void passTo(int second) {
    time.passTo(START.plusSeconds(second));
  }

  /** Waits until the daemon has noted that it saw all up to a second. */
  private void awaitMark(int second) throws Exception {
    Path mark = folder.resolve("data").resolve("alive");
    String text = START.plusSeconds(second).toString();
    while (!Files.exists(mark) || !Files.readString(mark).startsWith(text)) {
      Thread.onSpinWait();
    }
  }

  private List<JournalEntry.BlindEntry> journal() {
    try (Store store = Stores.open(folder.resolve("data"))) {
      return store.entries(0, 1_000).stream()
          .filter(JournalEntry.BlindEntry.class::isInstance)
          .map(JournalEntry.BlindEntry.class::cast)
          .toList();
    }
  }

  private static String text(JournalEntry.BlindEntry entry) {
    return entry.cause() + " " + since(entry.from()) + " to " + since(entry.until());
  }

  private static String since(Instant instant) {
    return Long.toString(Duration.between(START, instant).toSeconds());
  }

  @Test
  void anOlderCopyInTheStoresPlaceHasSeenOnlyWhatItHolds() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (TestDaemon daemon = start(THREE)) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      Stores.admin(folder.resolve("data")).backup(copy);
      passTo(20);
      daemon.send(TestDaemon.event("b2", "beat", 20));
      passTo(60);
      awaitMark(60);
    }
    Files.move(
        copy, folder.resolve("data").resolve(Stores.FILE), StandardCopyOption.REPLACE_EXISTING);
    start(THREE).close();
    assertThat(journal()).extracting(BlindIntervalTest::text).containsExactly("down 0 to 90");
  }

  /** The story of docs/blind.md: a kill in the middle of armed absences, with each on_blind. */
  @Test
  void aRestartInTheMiddleOfArmedAbsences() throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    Consumer<String> killed = WatchedStore.unsaved(started);
    try (TestDaemon daemon = start(THREE, killed)) {
      started.set(true);
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(20);
      awaitMark(20);
    }
    passTo(140);
    List<String> ids = new ArrayList<>();
    try (TestDaemon daemon = start(THREE)) {
      passTo(169);
      daemon.send(TestDaemon.event("fence-1", "fence", 0));
      assertThat(daemon.events(TRIGGERED)).as("nobody is paged for the outage").isEmpty();
      passTo(170);
      ids.add(firing(daemon.await(TRIGGERED, 1).getLast()));
      passTo(239);
      daemon.send(TestDaemon.event("fence-2", "fence", 0));
      assertThat(daemon.events(TRIGGERED)).hasSize(1);
      passTo(240);
      ids.add(firing(daemon.await(TRIGGERED, 2).getLast()));
      passTo(260);
      ids.add(firing(daemon.await(TRIGGERED, 3).getLast()));
      assertThat(daemon.get("/metrics").body())
          .contains("tocsin_blind_intervals_total{cause=\"down\"} 1.0")
          .contains("tocsin_blind_seconds_total{cause=\"down\"} 150.0");
      JsonNode told = daemon.events(BLIND).getFirst();
      assertThat(told.path("resource"))
          .hasToString("{\"prefect.resource.id\":\"prefect-cloud.engine\"}");
      assertThat(told.path("payload"))
          .hasToString(
              """
              {"from":"2026-01-02T03:00:20Z","until":"2026-01-02T03:02:50Z","cause":"down"}\
              """);
    }
    assertThat(journal().stream().map(BlindIntervalTest::text)).containsExactly("down 20 to 170");
    assertThat(stored(ids))
        .as("the table of docs/blind.md")
        .containsExactlyElementsOf(
            Markdown.page("docs/blind.md").lines().stream()
                .filter(line -> line.matches("\\| `(fire|extend|suppress)` .*"))
                .toList());
  }

  private static String firing(JsonNode stateChange) {
    return stateChange.path("payload").path("firing").asString();
  }

  /** The rows of the table that docs/blind.md shows, from the reasons as they are stored. */
  private List<String> stored(List<String> ids) {
    List<String> rows = new ArrayList<>();
    try (Store store = Stores.open(folder.resolve("data"))) {
      for (String id : ids) {
        Firing firing = FiringJson.read(Objects.requireNonNull(store.firing(id)).body());
        assertThat(firing.reason()).isInstanceOf(Reason.Absent.class);
        rows.add(
            "| `%s` | %s | %s |"
                .formatted(
                    firing.automation(),
                    firing.triggered().toString().substring(11, 19),
                    firing.reason().sentence()));
      }
    }
    return rows;
  }

  @Test
  void theVeryFirstStartIsNotBlindAndAnImmediateRestartOnlyForItsGrace() throws Exception {
    try (TestDaemon daemon = start(THREE)) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
    }
    assertThat(journal()).isEmpty();
    start(THREE, "startup_grace=0s").close();
    assertThat(journal()).isEmpty();
    passTo(5);
    start(THREE, "startup_grace=0s").close();
    start(THREE, "startup_grace=7s").close();
    assertThat(journal().stream().map(BlindIntervalTest::text))
        .containsExactly("down 0 to 5", "down 5 to 12");
  }

  @Test
  void withoutAMarkItIsBlindFromTheLastEntryOn() throws Exception {
    try (TestDaemon daemon = start(THREE)) {
      passTo(4);
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(50);
      awaitMark(50);
    }
    Files.writeString(folder.resolve("data").resolve("alive"), "\0\0\0\0");
    passTo(60);
    start(THREE, "startup_grace=0s").close();
    assertThat(journal().stream().map(BlindIntervalTest::text)).containsExactly("down 4 to 60");
  }

  @Test
  void aKillAfterABlindIntervalChangesNoFiring() throws Exception {
    try (TestDaemon daemon = start(THREE)) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(20);
      awaitMark(20);
    }
    passTo(140);
    AtomicBoolean started = new AtomicBoolean();
    Consumer<String> killed = WatchedStore.unsaved(started);
    for (int round = 0; round < 3; round++) {
      started.set(false);
      try (TestDaemon daemon = start(THREE, killed, "startup_grace=30s")) {
        started.set(true);
        daemon.send(TestDaemon.event("fence-" + round, "fence", 0));
      }
    }
    try (TestDaemon daemon = start(THREE)) {
      passTo(600);
      List<JsonNode> fired = daemon.await(TRIGGERED, 3);
      assertThat(fired.stream().map(each -> each.path("occurred").asString().substring(11, 19)))
          .containsExactlyInAnyOrder("03:01:30", "03:04:00", "03:04:20");
    }
  }

  @Test
  void whileCommitsFailItIsBlind() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Consumer<String> refuse =
        method -> {
          if (broken.get() && method.equals("commit")) {
            throw new StoreException("the disk is full");
          }
        };
    try (TestDaemon daemon = start(THREE, refuse)) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(30);
      broken.set(true);
      CompletableFuture<HttpResponse<String>> held =
          daemon.postLater(TestDaemon.event("fence", "fence", 0));
      daemon.awaitStatus("/ready", 503);
      passTo(120);
      broken.set(false);
      assertThat(held.join().statusCode()).isEqualTo(204);
      assertThat(daemon.await(BLIND, 1).getFirst().path("payload").path("cause").asString())
          .isEqualTo("not-ready");
      assertThat(daemon.events(TRIGGERED)).isEmpty();
      passTo(130);
      daemon.await(TRIGGERED, 1);
    }
    assertThat(journal().stream().map(BlindIntervalTest::text))
        .containsExactly("not-ready 30 to 130");
  }

  @Test
  void whileSendersAreRefusedItIsBlind() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean();
    Consumer<String> slow =
        method -> {
          if (method.equals("commit") && hold.compareAndSet(true, false)) {
            held.countDown();
            await(released);
          }
        };
    try (TestDaemon daemon = start(THREE, slow, "intake_capacity=1")) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(10);
      hold.set(true);
      CompletableFuture<?> stuck = daemon.postLater(TestDaemon.event("f1", "fence", 0));
      held.await();
      CompletableFuture<?> waiting = daemon.postLater(TestDaemon.event("f2", "fence", 0));
      while (!daemon.get("/metrics").body().contains("tocsin_queue_depth{queue=\"intake\"} 1.0")) {
        Thread.onSpinWait();
      }
      assertThat(daemon.post(TestDaemon.event("b2", "beat", 10))).isEqualTo(429);
      passTo(12);
      assertThat(daemon.post(TestDaemon.event("b2", "beat", 10))).isEqualTo(429);
      passTo(18);
      assertThat(daemon.post(TestDaemon.event("b2", "beat", 10))).isEqualTo(429);
      released.countDown();
      stuck.join();
      waiting.join();
      assertThat(daemon.await(BLIND, 1)).hasSize(1);
      passTo(107);
      daemon.send(TestDaemon.event("f3", "fence", 0));
      daemon.await(TRIGGERED, 1);
    }
    assertThat(journal().stream().map(BlindIntervalTest::text))
        .containsExactly("shedding 10 to 28");
  }

  /** As a suspended host, whose counter has counted that or has not. */
  @ParameterizedTest
  @ValueSource(ints = {180, 0})
  void whatWasStoppedWasBlindAlsoForWhatIsDueAtOnce(int counted) throws Exception {
    try (TestDaemon daemon = start(THREE)) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      passTo(5);
      time.step(Duration.ofMinutes(3), Duration.ofSeconds(counted));
      time.passBy(Duration.ofSeconds(1));
      JsonNode told = daemon.await(BLIND, 1).getFirst().path("payload");
      assertThat(told.path("cause").asString()).isEqualTo("stopped");
      assertThat(since(Instant.parse(told.path("from").asString()))).isEqualTo("5");
      assertThat(since(Instant.parse(told.path("until").asString())))
          .as("noticed by what was on its way still, or by the look of each second")
          .isIn("185", "186");
      assertThat(daemon.await(TRIGGERED, 1))
          .as("of the three only the one that fires all the same")
          .hasSize(1);
    }
  }

  @Test
  void afterAStepBackTimeGoesOnFromWhereItWas() throws Exception {
    try (TestDaemon daemon = start(watch("extend"))) {
      daemon.send(TestDaemon.event("b1", "beat", 0));
      time.passBy(Duration.ofSeconds(10));
      time.step(Duration.ofHours(-1), Duration.ZERO);
      time.passBy(Duration.ofSeconds(82));
      assertThat(daemon.await(TRIGGERED, 1).getFirst().path("occurred").asString())
          .isEqualTo("2026-01-02T03:01:30Z");
      assertThat(daemon.events(BLIND)).isEmpty();
    }
    try (TestDaemon daemon = start(watch("extend"), "startup_grace=0s")) {
      String other = TestDaemon.event("b2", "beat", 90).replace("shop.1", "shop.2");
      daemon.send(other.replace("T03:", "T02:"));
      time.passBy(Duration.ofSeconds(92));
      assertThat(daemon.await(TRIGGERED, 2).getFirst().path("occurred").asString())
          .as("also after a restart, and by the time of the senders")
          .isEqualTo("2026-01-02T02:03:00Z");
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
