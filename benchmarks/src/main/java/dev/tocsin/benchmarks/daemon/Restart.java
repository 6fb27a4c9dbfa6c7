package dev.tocsin.benchmarks.daemon;

import dev.tocsin.benchmarks.Comparison;
import dev.tocsin.benchmarks.Comparison.Side;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long after a kill a daemon is ready again, with very many armed keys in its checkpoint and as
 * many entries after it as there can be, against a process that reads the same rows by plain JDBC
 * and does nothing with them. The two take turns, each in a fresh process. Arguments: {@code FOLDER
 * [--quick]}, a folder that is empty.
 */
public final class Restart {

  private static final int LINES_AT_ONCE = 50_000;
  private static final String DATABASE = "tocsin.db";
  private static final String STATE =
      """
      SELECT head, (SELECT COUNT(*) FROM entry WHERE id IS NOT NULL AND entry.sequence <= checkpoint.sequence) AS events
      FROM checkpoint\
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Of so many events the ids are part of the state at most. */
  private static final int KNOWN_IDS = 1_000_000;

  private static final String HEAP = "-Xmx3g";

  /** Fewer entries than the daemon's own interval between checkpoints allows. */
  private static final int DEFAULT_ENTRIES = 99_000;

  private final Path home;
  private final Path folder;
  private final Path automations;
  private final int keys;
  private final int rounds;

  private Restart(Path home, Path folder, int keys, int rounds) throws IOException {
    this.home = home;
    this.folder = folder;
    this.keys = keys;
    this.rounds = rounds;
    this.automations =
        Files.writeString(
            folder.resolve("automations.yaml"),
            """
            automations:
              - name: silent
                trigger:
                  posture: Proactive
                  expect: [probe.beat]
                  for_each: [prefect.resource.id]
                  within: 30d
            """);
  }

  /** Measures and prints. */
  public static void main(String[] args) throws IOException, InterruptedException {
    boolean quick = args.length > 1 && args[1].equals("--quick");
    String home = System.getenv("TOCSIN_HOME");
    Restart restart =
        new Restart(
            Path.of(home == null ? "" : home).toAbsolutePath(),
            Path.of(args[0]),
            quick ? 20_000 : 1_000_000,
            quick ? 2 : 5);
    System.out.print(
        Comparison.table(
            "milliseconds",
            quick
                ? List.of(restart.measure(10_000))
                : List.of(
                    restart.measure(DEFAULT_ENTRIES),
                    restart.measure(1_000_000, "checkpoint_every=10000000"))));
  }

  private Comparison measure(int entries, String... settings)
      throws IOException, InterruptedException {
    Path image = folder.resolve("image");
    fill(image, entries, settings);
    PlainRead.Total expected = new Plain(image).run();
    if (expected.journal() < entries) {
      throw new IOException(
          "%,d entries sent after the checkpoint, and %s there".formatted(entries, expected));
    }
    List<Double> plain = new ArrayList<>();
    List<Double> daemon = new ArrayList<>();
    List<Double> empty = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Path copy = copy(image);
      if (round % 2 == 0) {
        plain.add(readPlainly(image, expected));
        daemon.add(restart(copy, entries, settings));
      } else {
        daemon.add(restart(copy, entries, settings));
        plain.add(readPlainly(image, expected));
      }
      delete(copy);
      empty.add(startEmpty());
    }
    delete(image);
    return new Comparison(
        String.format(
            Locale.ROOT,
            "%,d armed keys, %,d entries after the checkpoint",
            keys,
            expected.journal()),
        List.of(
            new Side("plain JDBC, from start to end of process", plain),
            new Side("daemon, from start of process to ready", daemon),
            new Side("  the same with an empty folder", empty)));
  }

  /** A data folder of a daemon that was killed so many entries after it had saved all keys. */
  private void fill(Path image, int entries, String... settings)
      throws IOException, InterruptedException {
    try (DaemonProcess daemon = start(image, settings)) {
      send(daemon, 0, keys);
    }
    DaemonProcess daemon = start(image, settings);
    try {
      send(daemon, keys, entries);
    } finally {
      daemon.kill();
    }
  }

  private DaemonProcess start(Path data, String... settings)
      throws IOException, InterruptedException {
    return new DaemonProcess(home, data, automations, folder.resolve("daemon.log"), HEAP, settings);
  }

  /** Beats of the keys, one after the other, numbered from here on. */
  private void send(DaemonProcess daemon, int from, int count)
      throws IOException, InterruptedException {
    for (int begin = from; begin < from + count; begin += LINES_AT_ONCE) {
      int end = Math.min(begin + LINES_AT_ONCE, from + count);
      StringBuilder lines = new StringBuilder();
      for (int i = begin; i < end; i++) {
        lines.append(
            """
            {"id": "beat-%08d", "occurred": "2026-01-01T00:00:00Z", "event": "probe.beat", \
            "resource": {"prefect.resource.id": "probe-%07d"}}
            """
                .formatted(i, i % keys));
      }
      daemon.send(end - begin, lines.toString());
    }
  }

  private double restart(Path data, int entries, String... settings)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    DaemonProcess daemon = start(data, settings);
    try {
      daemon.awaitReady();
      double millis = millisSince(begin);
      long stored = daemon.json("/api/events?limit=1&event=probe.beat").path("total").asLong();
      if (stored != (long) keys + entries) {
        throw new IOException("%,d events sent, %,d stored".formatted(keys + entries, stored));
      }
      return millis;
    } finally {
      daemon.kill();
      compareState(data);
    }
  }

  /** What a start takes where there is nothing to read. */
  private double startEmpty() throws IOException, InterruptedException {
    Path data = Files.createDirectory(folder.resolve("empty"));
    long begin = System.nanoTime();
    DaemonProcess daemon = start(data);
    try {
      daemon.awaitReady();
      return millisSince(begin);
    } finally {
      daemon.kill();
      delete(data);
    }
  }

  /** Before it was ready the daemon has saved what it restored: each key, and the ids it knows. */
  private void compareState(Path data) throws IOException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve(DATABASE));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STATE)) {
      long live = JSON.readTree(row.getString("head")).path("live").asLong();
      long expected = keys + Math.min(row.getLong("events"), KNOWN_IDS);
      if (live != expected) {
        throw new IOException("%,d keys and ids in the state, not %,d".formatted(live, expected));
      }
    } catch (SQLException failure) {
      throw new IOException(failure);
    }
  }

  private static double readPlainly(Path image, PlainRead.Total expected)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    PlainRead.Total total = new Plain(image).run();
    double millis = millisSince(begin);
    if (!total.equals(expected)) {
      throw new IOException("read " + total + ", before " + expected);
    }
    return millis;
  }

  private static double millisSince(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin).toNanos() / 1e6;
  }

  /** {@link PlainRead} in a process of its own. */
  private record Plain(Path image) {

    PlainRead.Total run() throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  HEAP,
                  "-cp",
                  System.getProperty("java.class.path"),
                  PlainRead.class.getName(),
                  image.resolve(DATABASE).toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new IOException("the plain reader ended with " + process.exitValue());
      }
      return PlainRead.Total.of(new String(output, StandardCharsets.UTF_8));
    }
  }

  /** A copy on the disk, so that nothing of it is left to be written while somebody is measured. */
  private Path copy(Path image) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(image)) {
      for (Path file : files.toList()) {
        Path target = Files.copy(file, copy.resolve(file.getFileName()));
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    return copy;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
