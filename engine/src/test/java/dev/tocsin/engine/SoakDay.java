package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.replay.Recording;
import dev.tocsin.engine.replay.Replay;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredJournal;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One virtual day of a daemon that is stopped, killed and refused by its disk. */
final class SoakDay {

  /** Senders come back at once; how long they may take is another matter. */
  private static final String NO_GRACE = "startup_grace=0s";

  /** Some in each life. */
  private static final String CHECKPOINTS = "checkpoint_every=100";

  private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");
  private static final Duration LENGTH = Duration.ofDays(1);
  private static final int LONGEST_STEP_SECONDS = 900;
  private static final int HOSTS = 50;

  /** What the store refuses one time in so many. */
  private static final int RARE = 500;

  private static final Set<String> REFUSABLE =
      Set.of("known", "commit", "save", "pending", "firing", "event");

  private final Path folder;
  private final Random random;
  private final Faults faults;
  private final Set<String> sent = new TreeSet<>();
  private Instant now = START;
  private int folders;
  private List<String> unanswered = List.of();

  /** A daemon that cannot read its store as it starts says so and ends: no trouble then. */
  private volatile boolean serves;

  SoakDay(Path folder, long seed, Faults faults) {
    this.folder = folder;
    this.random = new Random(seed);
    this.faults = faults;
  }

  /** What went wrong, on purpose. */
  static final class Faults {
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger doubted = new AtomicInteger();
    private int killed;
    private int stopped;
    private int steppedBack;

    @Override
    public String toString() {
      return "%d kills, %d stops, %d steps back of the clock, store refused %d, in doubt %d"
          .formatted(killed, stopped, steppedBack, refused.get(), doubted.get());
    }
  }

  /** Lets the day pass, checks what is promised, and leaves nothing; how often something fired. */
  int pass() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String automations = automations(receiver.url());
      Path home = Files.createDirectories(folder.resolve("0"));
      while (now.isBefore(START.plus(LENGTH))) {
        home = live(home, automations);
      }
      finish(home, automations);
      int firings = check(home);
      delete(folder);
      return firings;
    }
  }

  /** Runs a daemon for a while and ends it; the folder in which the next goes on. */
  private Path live(Path home, String automations) throws Exception {
    VirtualTime time = new VirtualTime(startOfClock());
    AtomicReference<@Nullable Path> image = new AtomicReference<>();
    try (TestDaemon daemon =
        TestDaemon.start(
            home, automations, time, store -> faulty(store, home, image), NO_GRACE, CHECKPOINTS)) {
      serves = true;
      send(daemon, unanswered);
      for (int steps = 20 + random.nextInt(100); steps > 0; steps--) {
        now = now.plusSeconds(1 + random.nextInt(LONGEST_STEP_SECONDS));
        time.passTo(now);
        send(daemon, events());
      }
      return random.nextBoolean() ? stopped(home) : killed(daemon, image);
    } finally {
      serves = false;
    }
  }

  private Path stopped(Path home) {
    faults.stopped++;
    unanswered = List.of();
    return home;
  }

  /** The next goes on from the folder as it stands after a commit; this one is forgotten. */
  private Path killed(TestDaemon daemon, AtomicReference<@Nullable Path> image) throws Exception {
    faults.killed++;
    Path next = Files.createDirectories(folder.resolve(Integer.toString(++folders)));
    image.set(next);
    // To its senders it ended before it answered this.
    unanswered = events();
    send(daemon, unanswered);
    assertThat(image.get()).as("the folder still to be copied").isNull();
    return next;
  }

  private Instant startOfClock() {
    if (random.nextInt(5) == 0 && now.isAfter(START.plusSeconds(3_600))) {
      faults.steppedBack++;
      return now.minusSeconds(3_600);
    }
    return now;
  }

  /** A last daemon, which has no trouble, until all is done. */
  private void finish(Path home, String automations) throws Exception {
    VirtualTime time = new VirtualTime(now);
    try (TestDaemon daemon = TestDaemon.start(home, automations, time, store -> store, NO_GRACE);
        StoredRows rows = new StoredRows(DaemonProcess.data(home))) {
      send(daemon, unanswered);
      time.passTo(now.plus(LENGTH));
      send(daemon, events());
      send(daemon, events());
      while (rows.count(StoredRows.UNDONE) > 0) {
        daemon.get("/health");
      }
    }
  }

  private static void send(TestDaemon daemon, List<String> events) throws Exception {
    if (events.isEmpty()) {
      return;
    }
    String list = "[" + String.join(",", events) + "]";
    for (int status = daemon.post(list); status != 204; status = daemon.post(list)) {
      assertThat(status).as("anything but a refusal for the moment").isIn(429, 503);
    }
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    for (int count = 1 + random.nextInt(20); count > 0; count--) {
      String id = "e" + sent.size();
      sent.add(id);
      int host = random.nextInt(HOSTS);
      String name = List.of("beat", "opened", "closed", "failed").get(random.nextInt(4));
      Instant occurred = now.minusSeconds(random.nextInt(10) == 0 ? random.nextInt(600) : 0);
      events.add(
          """
          {"id": "%s", "occurred": "%s", "event": "%s",\
           "resource": {"prefect.resource.id": "host.%d", "rack": "rack.%d"}}\
          """
              .formatted(id, occurred, name, host, host % 7));
    }
    return events;
  }

  private static String automations(String receiver) {
    return """
    - id: silent
      name: silent
      trigger:
        posture: Proactive
        expect: [beat]
        for_each: [prefect.resource.id]
        within: 1800
        repeat: 3600
        forget_after: 20000
        on_blind: fire
      actions_on_trigger: [{type: call-webhook, url: '%1$s/silent'}]
      actions_on_resolve: [{type: do-nothing}]
    - id: open
      name: open
      trigger:
        posture: Proactive
        after: [opened]
        expect: [closed]
        for_each: [prefect.resource.id]
        within: 600
        lateness: 60
        on_blind: fire
      actions: [{type: call-webhook, url: '%1$s/500'}]
    - id: burst
      name: burst
      trigger: {expect: [failed], for_each: [rack], threshold: 4, within: 3600}
      actions: [{type: call-webhook, url: '%1$s/burst'}, {type: pause-automation, automation_id: shy}]
    - id: shy
      name: shy
      trigger: {expect: [failed], threshold: 3, within: 600}
      actions: [{type: resume-automation, automation_id: shy}]
    - id: again
      name: again
      trigger: {expect: ['*.action.failed'], threshold: 5, within: 7200}
      actions: [{type: resume-automation, automation_id: shy}]
    - id: both
      name: both
      trigger:
        type: compound
        require: all
        within: 3600
        for_each: [rack]
        triggers:
          - {expect: [failed], for_each: [rack], threshold: 2, within: 1800}
          - {expect: [opened], for_each: [rack], threshold: 2, within: 1800}
      actions: [{type: do-nothing}]
    """
        .formatted(receiver);
  }

  /** A store that refuses now and then, or has done it and says that it has not. */
  private Store faulty(Store store, Path home, AtomicReference<@Nullable Path> image) {
    Random chance = new Random(random.nextLong());
    return WatchedStore.of(
        store,
        new WatchedStore.Watcher() {
          @Override
          public void before(String method, List<Object> arguments) {
            if (REFUSABLE.contains(method) && serves && chance.nextInt(RARE) == 0) {
              faults.refused.incrementAndGet();
              throw new StoreException("not now: " + method);
            }
          }

          @Override
          public void after(String method, List<Object> arguments) {
            if (!method.equals("commit")) {
              return;
            }
            Path to = image.getAndSet(null);
            if (to != null) {
              DaemonProcess.copy(DaemonProcess.data(home), DaemonProcess.data(to));
            }
            if (serves && chance.nextInt(RARE) == 0) {
              faults.doubted.incrementAndGet();
              throw new StoreException("done, or not");
            }
          }
        });
  }

  /** Checks what is promised of the day; how often something fired. */
  private int check(Path home) throws Exception {
    Replayed replayed = new Replayed(home);
    try (StoredJournal journal = Stores.admin(DaemonProcess.data(home)).journal();
        StoredRows rows = new StoredRows(DaemonProcess.data(home))) {
      Recording.ofStore(journal, replayed);
      Set<String> stored = rows.ids("SELECT id FROM entry WHERE name NOT LIKE 'prefect-cloud.%'");
      assertThat(stored).as("stored events").isEqualTo(sent);
      Set<String> firings = rows.ids("SELECT id FROM firing");
      assertThat(firings).as("firings").isNotEmpty().isEqualTo(replayed.firings);
      assertThat(told(rows, "%.automation.triggered", "%.automation.resolved"))
          .as("events that tell of a firing")
          .isEqualTo(firings.size());
      int invocations = rows.count("SELECT COUNT(*) FROM invocation");
      assertThat(told(rows, "%.action.triggered", "-"))
          .as("events that tell of an action's begin")
          .isEqualTo(invocations);
      assertThat(told(rows, "%.action.executed", "%.action.failed"))
          .as("events that tell of an action's end")
          .isEqualTo(invocations);
      return firings.size();
    }
  }

  private static int told(StoredRows rows, String name, String other) throws SQLException {
    return rows.count(
        "SELECT COUNT(*) FROM entry WHERE name LIKE '%s' OR name LIKE '%s'".formatted(name, other));
  }

  /** The journal evaluated again from its begin. */
  private static final class Replayed implements Recording.Entries {

    private final Set<String> firings = new TreeSet<>();
    private final Replay replay;

    Replayed(Path home) {
      EffectiveSettings effective =
          SettingsReader.read(home.resolve("tocsin.yaml"), Map.of(), Map.of());
      replay =
          new Replay(
              AutomationFiles.of(effective)
                  .read(effective.settings().engine().automations())
                  .automations(),
              RuntimeSettings.DEFAULT,
              START,
              effective.settings().engine().namespace(),
              (_, step) ->
                  step.firings()
                      .forEach(
                          firing ->
                              assertThat(firings.add(firing.id())).as("%s", firing).isTrue()));
    }

    @Override
    public void entry(JournalEntry entry) {
      replay.take(entry);
    }

    @Override
    public void problem(String problem) {
      throw new AssertionError(problem);
    }

    @Override
    public void progress(long read) {}
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
