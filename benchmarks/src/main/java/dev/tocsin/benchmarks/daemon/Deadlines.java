package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.daemon.Arrivals.Arrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * How long after their deadlines absences fire on a running daemon without traffic: each for
 * itself, with a webhook; and very many in one second, where all must fire, once and in order.
 * Arguments: {@code FOLDER [--quick]}, a folder that is empty.
 */
public final class Deadlines {

  private static final Duration WITHIN = Duration.ofSeconds(5);
  private static final Duration AHEAD = Duration.ofSeconds(8);
  private static final int ARMED_A_SECOND = 2_000;
  private static final int BURST_INSTANTS = 1_000;
  private static final String FIRED = "*.automation.triggered";
  private static final String BODY = "{{ firing.labels[\"prefect.resource.id\"] }}";
  private static final String FIRINGS = "tocsin_firings_total";
  private static final String HEAP = "512m";
  private static final long POLL_MILLIS = 20;
  private static final long PAGE_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern COLLECTED = Pattern.compile("->(\\d+)M\\(");

  private final Path home;
  private final Path folder;
  private final int deadlines;
  private final int keys;

  private Deadlines(Path home, Path folder, int deadlines, int keys) {
    this.home = home;
    this.folder = folder;
    this.deadlines = deadlines;
    this.keys = keys;
  }

  /** One key, and when it is absent. */
  private record Armed(String key, Instant deadline) {}

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    String home = System.getenv("TOCSIN_HOME");
    Deadlines measured =
        new Deadlines(
            Path.of(home == null ? "" : home).toAbsolutePath(),
            Path.of(args[0]),
            quick ? 20 : 50,
            quick ? 10_000 : 100_000);
    measured.oneByOne();
    System.out.println();
    measured.manyAtOnce();
  }

  private void oneByOne() throws IOException, InterruptedException {
    try (Arrivals arrivals = new Arrivals();
        DaemonProcess daemon =
            start(
                "single",
                "[{type: call-webhook, url: '%s', body: '%s'}]".formatted(arrivals.url(), BODY))) {
      System.out.print(Delays.head("milliseconds after the deadline, no traffic"));
      singles(daemon, arrivals, 0, 1, "the first after a start");
      singles(daemon, arrivals, 1, deadlines, deadlines + " more, a deadline every 100 ms");
    }
  }

  /** Some deadlines apart from each other, of keys from a number on. */
  private static void singles(
      DaemonProcess daemon, Arrivals arrivals, int from, int count, String title)
      throws IOException, InterruptedException {
    Instant begin = Instant.now().plus(AHEAD);
    List<Armed> armed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Not at whole milliseconds, as the times of events are not.
      Instant occurred = begin.plusNanos(i * 100_000_000L + i * 137_000L);
      armed.add(new Armed(key(from + i), occurred.truncatedTo(ChronoUnit.MICROS).plus(WITHIN)));
    }
    arm(daemon, armed, begin);
    List<Arrival> called = arrivals.await(from + count).subList(from, from + count);
    Delays received = new Delays();
    Delays webhook = new Delays();
    List<Fired> fired = awaitEvents(daemon, from + count).subList(from, from + count);
    for (int i = 0; i < count; i++) {
      Armed expected = armed.get(i);
      if (!fired.get(i).armed().equals(expected) || !called.get(i).body().equals(expected.key())) {
        throw new IOException(expected + ": fired " + fired.get(i) + ", called " + called.get(i));
      }
      received.add(expected.deadline(), fired.get(i).received());
      webhook.add(expected.deadline(), called.get(i).at());
    }
    System.out.println(title);
    System.out.print(received.row("its event is received"));
    System.out.print(webhook.row("its webhook is called"));
  }

  private void manyAtOnce() throws IOException, InterruptedException {
    Path collections = folder.resolve("gc.log");
    try (DaemonProcess daemon = start("many", "")) {
      Instant begin = Instant.now().plus(AHEAD).plusSeconds(keys / ARMED_A_SECOND);
      List<Armed> armed = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        Duration after =
            Duration.ofSeconds(1).dividedBy(BURST_INSTANTS).multipliedBy(i % BURST_INSTANTS);
        armed.add(new Armed(key(i), begin.truncatedTo(ChronoUnit.MICROS).plus(after).plus(WITHIN)));
      }
      Collections.shuffle(armed, new Random(1));
      Instant sent = Instant.now();
      Instant answered = arm(daemon, armed, begin);
      int collectionsBefore = heap(collections).size();
      armed.sort(Comparator.comparing(Armed::deadline).thenComparing(Armed::key));
      Instant last = armed.getLast().deadline();
      Instant durable = awaitFirings(daemon, last);
      List<Fired> fired = awaitEvents(daemon, keys);
      Delays received = check(fired, armed);
      List<Integer> heap = heap(collections);
      System.out.printf(
          Locale.ROOT,
          "%,d keys armed in %.1f s, all due within one second, no traffic, heap %s%n",
          keys,
          Duration.between(sent, answered).toMillis() / 1e3,
          HEAP);
      System.out.printf("  all fired, none twice, in the order of deadline and key%n");
      System.out.printf(
          Locale.ROOT,
          "  all evaluated and durable %,d ms after the last deadline%n",
          Duration.between(last, durable).toMillis());
      System.out.printf(
          "  heap after a collection at most %s until armed, at most %s then, %s in the end%n",
          most(heap.subList(0, collectionsBefore)),
          most(heap.subList(collectionsBefore, heap.size())),
          most(heap.subList(Math.max(0, heap.size() - 1), heap.size())));
      System.out.print(Delays.head("milliseconds after the deadline"));
      System.out.print(received.row("its event is received"));
    }
  }

  private DaemonProcess start(String name, String actions)
      throws IOException, InterruptedException {
    Path automations =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            automations:
              - name: absent
                trigger:
                  posture: Proactive
                  after: [probe.begun]
                  expect: [probe.ended]
                  for_each: [prefect.resource.id]
                  within: %d
            """
                    .formatted(WITHIN.toSeconds())
                + (actions.isEmpty() ? "" : "    actions: " + actions + "\n"));
    return new DaemonProcess(
        home,
        folder.resolve(name),
        automations,
        folder.resolve(name + ".log"),
        "-Xmx" + HEAP + " -Xlog:gc:file=" + folder.resolve("gc.log"));
  }

  private static String key(int number) {
    return String.format(Locale.ROOT, "probe-%07d", number);
  }

  /**
   * Sends the events that begin the windows, and waits until they are taken in.
   *
   * @param begin when the first of them occurs. That must not have come then: a deadline waits for
   *     as long as the event was late
   */
  private static Instant arm(DaemonProcess daemon, List<Armed> armed, Instant begin)
      throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (Armed each : armed) {
      lines.append(
          """
          {"id": "%1$s", "occurred": "%2$s", "event": "probe.begun", "resource": {"prefect.resource.id": "%1$s"}}
          """
              .formatted(each.key(), each.deadline().minus(WITHIN)));
    }
    daemon.send(armed.size(), lines.toString());
    Instant answered = Instant.now();
    if (answered.isAfter(begin)) {
      throw new IOException("armed at %s only, after %s".formatted(answered, begin));
    }
    return answered;
  }

  /** When all firings are durable. */
  private Instant awaitFirings(DaemonProcess daemon, Instant last)
      throws IOException, InterruptedException {
    Thread.sleep(Duration.between(Instant.now(), last));
    long fired = daemon.meter(FIRINGS);
    while (fired < keys) {
      refuseEndlessWait(last, fired, keys);
      Thread.sleep(POLL_MILLIS);
      fired = daemon.meter(FIRINGS);
    }
    return Instant.now();
  }

  private static void refuseEndlessWait(Instant since, long fired, int count) throws IOException {
    if (Instant.now().isAfter(since.plus(PATIENCE))) {
      throw new IOException("%,d of %,d have fired, %s later".formatted(fired, count, PATIENCE));
    }
  }

  /** What fired, and when the event that tells of it was received. */
  private record Fired(Armed armed, Instant received) {}

  /** The events that tell of firings, in the order of the journal, when there are so many. */
  private static List<Fired> awaitEvents(DaemonProcess daemon, int count)
      throws IOException, InterruptedException {
    Instant begun = Instant.now();
    List<Fired> fired = new ArrayList<>();
    long after = 0;
    while (fired.size() < count) {
      refuseEndlessWait(begun, fired.size(), count);
      JsonNode page = daemon.json("/api/journal?limit=1000&event=" + FIRED + "&after=" + after);
      for (JsonNode event : page.path("events")) {
        JsonNode labels = event.path("payload").path("triggering_labels");
        fired.add(
            new Fired(
                new Armed(
                    labels.path("prefect.resource.id").asString(),
                    Instant.parse(event.path("occurred").asString())),
                Instant.parse(event.path("received").asString())));
      }
      long last = page.path("last").asLong();
      if (last == after) {
        Thread.sleep(PAGE_MILLIS);
      }
      after = last;
    }
    return fired;
  }

  private static Delays check(List<Fired> fired, List<Armed> expected) throws IOException {
    Set<String> keys = new HashSet<>();
    fired.forEach(each -> keys.add(each.armed().key()));
    if (fired.size() != expected.size() || keys.size() != expected.size()) {
      throw new IOException(
          "%,d armed, %,d fired, of %,d keys"
              .formatted(expected.size(), fired.size(), keys.size()));
    }
    Delays received = new Delays();
    for (int i = 0; i < expected.size(); i++) {
      if (!fired.get(i).armed().equals(expected.get(i))) {
        throw new IOException(
            "number %,d is %s, and should be %s".formatted(i, fired.get(i), expected.get(i)));
      }
      received.add(expected.get(i).deadline(), fired.get(i).received());
    }
    return received;
  }

  /** Megabytes in use after each collection so far. */
  private static List<Integer> heap(Path log) throws IOException {
    List<Integer> megabytes = new ArrayList<>();
    Matcher collected = COLLECTED.matcher(Files.readString(log));
    while (collected.find()) {
      megabytes.add(Integer.valueOf(collected.group(1)));
    }
    return megabytes;
  }

  private static String most(List<Integer> megabytes) {
    return megabytes.isEmpty() ? "no collection" : Collections.max(megabytes) + " MB";
  }
}
