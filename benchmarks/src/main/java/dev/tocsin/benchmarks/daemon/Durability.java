package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What checkpoints cost: how fast a daemon takes events in that change the state of very many keys,
 * with checkpoints as often as by default, against one that saves none meanwhile. The two take
 * turns, with the same events. Arguments: {@code FOLDER [--quick]}, a folder that is empty.
 */
public final class Durability {

  private static final String NEVER = "checkpoint_every=1000000000";
  private static final String SAVED = "tocsin_checkpoint_duration_seconds_count";
  private static final String HEAP = "-Xmx2g";
  private static final int REQUEST = 50_000;

  private final Path home;
  private final Path folder;
  private final int keys;
  private final int rounds;
  private final int requests;
  private final Random random = new Random(1);
  private int sent;

  private Durability(Path home, Path folder, int keys, int rounds, int requests) {
    this.home = home;
    this.folder = folder;
    this.keys = keys;
    this.rounds = rounds;
    this.requests = requests;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    String home = System.getenv("TOCSIN_HOME");
    new Durability(
            Path.of(home == null ? "" : home).toAbsolutePath(),
            Path.of(args[0]),
            quick ? 10_000 : 100_000,
            quick ? 2 : 7,
            quick ? 2 : 4)
        .measure();
  }

  private void measure() throws IOException, InterruptedException {
    try (DaemonProcess off = start("off", NEVER);
        DaemonProcess on = start("on")) {
      long atStart = off.meter(SAVED);
      List<Double> without = new ArrayList<>();
      List<Double> with = new ArrayList<>();
      List<String> warm = bodies();
      rate(off, warm);
      rate(on, warm);
      long saved = on.meter(SAVED);
      for (int round = 0; round < rounds; round++) {
        List<String> bodies = bodies();
        if (round % 2 == 0) {
          without.add(rate(off, bodies));
          with.add(rate(on, bodies));
        } else {
          with.add(rate(on, bodies));
          without.add(rate(off, bodies));
        }
      }
      saved = on.meter(SAVED) - saved;
      if (off.meter(SAVED) != atStart || saved == 0) {
        throw new IOException(saved + " checkpoints where they are on, some where they are off");
      }
      compareStores(off, on);
      System.out.print(
          Comparison.table(
              List.of(
                  new Comparison(
                      "NDJSON, %,d keys of three triggers".formatted(keys),
                      List.of(
                          new Side("no checkpoints", without),
                          new Side("checkpoints as by default", with))))));
      System.out.printf(
          "%,d events on each side, all stored, the same firings; %d checkpoints%n", sent, saved);
    }
  }

  private DaemonProcess start(String name, String... settings)
      throws IOException, InterruptedException {
    Path automations =
        Files.writeString(
            folder.resolve("automations.yaml"),
            """
            automations:
              - name: silent
                trigger:
                  posture: Proactive
                  expect: [probe.beat]
                  for_each: [prefect.resource.id]
                  within: 1d
              - name: often
                trigger:
                  expect: [probe.beat]
                  for_each: [prefect.resource.id]
                  threshold: 50
                  within: 1d
              - name: failed-and-not-repaired
                trigger:
                  posture: Proactive
                  after: [probe.failed]
                  expect: [probe.beat]
                  for_each: [prefect.resource.id]
                  within: 1d
            """);
    return new DaemonProcess(
        home, folder.resolve(name), automations, folder.resolve(name + ".log"), HEAP, settings);
  }

  /** The requests of a round. */
  private List<String> bodies() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    List<String> bodies = new ArrayList<>();
    for (int request = 0; request < requests; request++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < REQUEST; i++) {
        lines.append(
            """
            {"id": "beat-%08d", "occurred": "%s", "event": "probe.%s", \
            "resource": {"prefect.resource.id": "probe-%07d"}}
            """
                .formatted(
                    sent++,
                    now,
                    random.nextInt(10) == 0 ? "failed" : "beat",
                    random.nextInt(keys)));
      }
      bodies.add(lines.toString());
    }
    return bodies;
  }

  private static double rate(DaemonProcess daemon, List<String> bodies)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    for (String body : bodies) {
      daemon.send(REQUEST, body);
    }
    return bodies.size() * (double) REQUEST * 1e9 / (System.nanoTime() - begin);
  }

  private void compareStores(DaemonProcess off, DaemonProcess on)
      throws IOException, InterruptedException {
    for (DaemonProcess daemon : List.of(off, on)) {
      long stored = daemon.json("/api/events?limit=1&event=probe.*").path("total").asLong();
      if (stored != sent) {
        throw new IOException("%,d events sent, %,d stored".formatted(sent, stored));
      }
    }
    if (off.meter("tocsin_firings_total") != on.meter("tocsin_firings_total")) {
      throw new IOException("the two have not fired the same");
    }
  }
}
