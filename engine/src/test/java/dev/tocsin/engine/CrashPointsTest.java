package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The instants between two steps that a kill hardly hits: the data folder is copied there as a kill
 * would leave it, and a daemon goes on from each copy. In the end it has done what the first one
 * did, which never ended.
 */
@Tag("long")
class CrashPointsTest {

  private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

  /** Copies taken at each point; {@code -Dtocsin.crash.images} says another number. */
  private static final int IMAGES = Integer.getInteger("tocsin.crash.images", 4);

  @TempDir Path folder;

  /** Between which two steps. */
  private enum Point {
    EVALUATION_AND_COMMIT,
    COMMIT_AND_ACKNOWLEDGE,
    TICK_AND_COMMIT,
    COMMIT_AND_DISPATCH,
    DISPATCH_AND_OUTCOME,
    OUTCOME_AND_NEXT,
    FEEDBACK_AND_COMMIT,
    FEEDBACK_AND_NEXT,
    CHECKPOINT_AND_ITS_NEXT_SLICE,
    CHECKPOINT_SLICE_AND_NEXT;

    /** Before a commit. */
    static Point before(Commit commit) {
      if (!commit.results().isEmpty()) {
        return DISPATCH_AND_OUTCOME;
      }
      if (!commit.feedbackTaken().isEmpty() || commit.entries().isEmpty()) {
        return FEEDBACK_AND_COMMIT;
      }
      return commit.entries().getFirst() instanceof JournalEntry.TickEntry
          ? TICK_AND_COMMIT
          : EVALUATION_AND_COMMIT;
    }

    /** After it. */
    static Point after(Commit commit) {
      if (!commit.results().isEmpty()) {
        return OUTCOME_AND_NEXT;
      }
      if (commit.invocations().iterator().hasNext()) {
        return COMMIT_AND_DISPATCH;
      }
      return commit.feedbackTaken().isEmpty() ? COMMIT_AND_ACKNOWLEDGE : FEEDBACK_AND_NEXT;
    }
  }

  /** A data folder as it stood at a point, after so many seconds. */
  private record Image(Point point, Path home, Instant taken) {}

  @Test
  void goesOnFromEveryPointAsIfNothingHadBeen() throws Exception {
    // The same for all: calls that wait in an image go to where they went in the first run.
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      Images images = new Images();
      Done uninterrupted = run(folder.resolve("first"), START, receiver, images);
      assertThat(uninterrupted.firings()).hasSizeGreaterThan(20);
      assertThat(uninterrupted.calls()).hasSizeGreaterThan(5);
      assertThat(images.byPoint.keySet()).containsExactly(Point.values());
      for (Image image : images.all()) {
        goOn(image, receiver, uninterrupted);
      }
    }
  }

  private static void goOn(Image image, WebhookReceiver receiver, Done uninterrupted)
      throws Exception {
    Set<String> called = recorded(image.home());
    Done resumed = run(image.home(), image.taken(), receiver, null);
    called.addAll(resumed.calls());
    assertThat(resumed.events()).as("%s", image).containsExactlyElementsOf(uninterrupted.events());
    assertThat(resumed.firings())
        .as("%s", image)
        .containsExactlyElementsOf(uninterrupted.firings());
    assertThat(called).as("%s", image).containsExactlyElementsOf(uninterrupted.calls());
  }

  /** Ids of the webhook calls whose end is known already. */
  private static Set<String> recorded(Path home) throws Exception {
    try (Store store = Stores.open(DaemonProcess.data(home));
        StoredRows rows = new StoredRows(DaemonProcess.data(home))) {
      assertThat(store.lastSequence()).isNotNegative();
      return rows.ids(
          """
          SELECT id FROM invocation
          WHERE outcome IS NOT NULL AND destination LIKE 'http:%'\
          """);
    }
  }

  /**
   * Sends all events to a daemon, at their time or later, waits until all is done.
   *
   * @param events ids of those stored that came from outside
   * @param calls ids of the webhook calls received
   */
  private record Done(Set<String> events, Set<String> firings, Set<String> calls) {}

  private static Done run(
      Path home, Instant from, WebhookReceiver receiver, @Nullable Images images) throws Exception {
    Files.createDirectories(home);
    VirtualTime time = new VirtualTime(from);
    try (TestDaemon daemon =
        TestDaemon.start(
            home,
            automations(receiver.url()),
            time,
            store -> images == null ? store : images.watch(store, home, time),
            // A call takes real time, while virtual time leaps on.
            "webhook_timeout=5m",
            "startup_grace=0s",
            "checkpoint_every=10")) {
      for (int second = 0; second < 60; second++) {
        time.passTo(START.plusSeconds(second));
        daemon.send("[" + String.join(",", events(second)) + "]");
      }
      time.passTo(START.plusSeconds(120));
      daemon.send(TestDaemon.event("fence-1", "fence", 61));
      daemon.send(TestDaemon.event("fence-2", "fence", 61));
      try (StoredRows rows = new StoredRows(DaemonProcess.data(home))) {
        while (rows.count(StoredRows.UNDONE) > 0) {
          daemon.get("/health");
        }
        Set<String> calls = new TreeSet<>();
        while (receiver.waiting() > 0) {
          calls.add(receiver.next().key());
        }
        return new Done(
            rows.ids("SELECT id FROM entry WHERE name NOT LIKE 'prefect-cloud.%'"),
            rows.ids("SELECT automation || ' ' || id FROM firing"),
            calls);
      }
    }
  }

  private static List<String> events(int second) {
    List<String> events = new ArrayList<>();
    events.add(TestDaemon.event("sold-" + second, "sold", second));
    if (second % 4 == 0) {
      events.add(TestDaemon.event("paid-" + second, "paid", second));
    }
    if (second % 4 == 1 && second % 3 != 0) {
      events.add(TestDaemon.event("shipped-" + second, "shipped", second));
    }
    return events;
  }

  private static String automations(String receiver) {
    return """
    - id: often
      name: often
      trigger: {expect: [sold], threshold: 5, within: 5}
      actions:
        - {type: call-webhook, url: '%1$s/often'}
        - {type: emit-event, event: chained, resource: {prefect.resource.id: x}}
    - id: unshipped
      name: unshipped
      trigger:
        {posture: Proactive, after: [paid], expect: [shipped], within: 2, on_blind: fire}
      actions: [{type: call-webhook, url: '%1$s/unshipped'}]
    - id: both
      name: both
      trigger:
        type: sequence
        within: 30
        triggers: [{expect: [paid], threshold: 1}, {expect: [shipped], threshold: 2, within: 20}]
      actions: [{type: do-nothing}]
    - id: chained
      name: chained
      trigger: {expect: [chained], threshold: 1}
      actions: [{type: do-nothing}]
    """
        .formatted(receiver);
  }

  /** Copies of a data folder, some at each point. */
  private final class Images {

    final Map<Point, List<Image>> byPoint = new EnumMap<>(Point.class);
    private final Map<Point, Integer> passed = new EnumMap<>(Point.class);

    List<Image> all() {
      return byPoint.values().stream().flatMap(List::stream).toList();
    }

    Store watch(Store store, Path home, VirtualTime time) {
      return WatchedStore.of(
          store,
          new WatchedStore.Watcher() {
            @Override
            public void before(String method, List<Object> arguments) {
              if (method.equals("commit")) {
                take(Point.before((Commit) arguments.getFirst()), home, time);
              }
              if (hasSlice(arguments)) {
                take(Point.CHECKPOINT_AND_ITS_NEXT_SLICE, home, time);
              }
            }

            @Override
            public void after(String method, List<Object> arguments) {
              if (method.equals("commit")) {
                take(Point.after((Commit) arguments.getFirst()), home, time);
              }
              if (hasSlice(arguments)) {
                take(Point.CHECKPOINT_SLICE_AND_NEXT, home, time);
              }
            }
          });
    }

    /** Whether something of a checkpoint is written, with a commit or by itself. */
    private static boolean hasSlice(List<Object> arguments) {
      return arguments.stream()
          .anyMatch(it -> it instanceof CheckpointSlice slice && !slice.isEmpty());
    }

    /** The 1st, 3rd, 9th, ... time. */
    private void take(Point point, Path home, VirtualTime time) {
      int times = passed.merge(point, 1, Integer::sum);
      List<Image> taken = byPoint.computeIfAbsent(point, _ -> new ArrayList<>());
      if (times == Math.pow(3, taken.size()) && taken.size() < IMAGES) {
        Path image = folder.resolve(point + "-" + times);
        DaemonProcess.copy(DaemonProcess.data(home), DaemonProcess.data(image));
        taken.add(new Image(point, image, time.instant()));
      }
    }
  }
}
