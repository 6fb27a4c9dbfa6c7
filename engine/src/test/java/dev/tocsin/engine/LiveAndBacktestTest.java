package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.BacktestCommand;
import dev.tocsin.engine.cli.Terminal;
import dev.tocsin.engine.replay.Backtest;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A recording sent to a running daemon, each event at its recorded receipt, and {@code backtest}
 * over its file: the same firings, with the same ids, in the same order.
 *
 * <p>The file's own engine events are left out on both sides. Those of the daemon come back to its
 * triggers, and to none of a backtest; no automation of the recording is for them, since their
 * namespace is another than that of the recorded. The daemon's clock has whole milliseconds: no
 * deadline of the recording lies in the rest.
 */
class LiveAndBacktestTest {

  private static final Path EVENTS =
      Path.of("src/test/resources/recording/prefect-events.ndjson.gz");
  private static final Path AUTOMATIONS =
      Path.of("src/test/resources/recording/prefect-automations.yaml");
  private static final String NAMESPACE = "prefect-cloud";
  private static final String TRIGGERED = NAMESPACE + ".automation.triggered";
  private static final String RESOLVED = NAMESPACE + ".automation.resolved";
  private static final int FIRINGS = 155;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  /** A line of the recording, and when it was received. */
  private record Line(String json, Instant received) {}

  @Test
  void theSameRecordingGivesTheSameFiringsLiveAndInABacktest() throws Exception {
    List<String> backtest = backtest();
    assertThat(backtest).hasSize(FIRINGS).doesNotHaveDuplicates();
    assertThat(live()).containsExactlyElementsOf(backtest);
  }

  /** The ids of all firings, in order. */
  private static List<String> backtest() {
    StringWriter out = new StringWriter();
    int exit =
        new CommandLine(new BacktestCommand(Map.of(), Terminal.NONE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()))
            .execute(
                "--automations=" + AUTOMATIONS,
                "--events=" + EVENTS,
                "--drop-engine-events",
                "--format=ndjson",
                "--ids");
    assertThat(exit).isZero();
    return out.toString().lines().map(line -> JSON.readTree(line).path("id").asString()).toList();
  }

  private List<String> live() throws Exception {
    List<Line> recording = recording();
    VirtualTime time = new VirtualTime(recording.getFirst().received());
    String automations = Files.readString(AUTOMATIONS);
    try (WebhookReceiver receiver = new WebhookReceiver();
        TestDaemon daemon =
            TestDaemon.start(
                folder,
                automations.substring(automations.indexOf("  - name:")),
                time,
                store -> store,
                "webhooks=" + webhooks(receiver.url()))) {
      for (Line line : recording) {
        time.passTo(line.received());
        daemon.send(line.json());
      }
      while (daemon.total(TRIGGERED) < FIRINGS) {
        Thread.onSpinWait();
      }
      assertThat(daemon.total(RESOLVED)).as("the recording resolves nothing").isZero();
      return firings(daemon);
    }
  }

  private static List<String> firings(TestDaemon daemon) throws Exception {
    List<String> firings = new ArrayList<>();
    long before = -1;
    for (long last = 0; last > before; ) {
      before = last;
      JsonNode page = daemon.journal(before, TRIGGERED);
      page.path("events")
          .forEach(event -> firings.add(event.path("payload").path("firing").asString()));
      last = page.path("last").asLong();
    }
    return firings;
  }

  private static List<Line> recording() throws IOException {
    Predicate<Event> dropped = Backtest.areEngineEvents(NAMESPACE);
    EventReader reader = EventReader.recorded();
    List<Line> recording = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(EVENTS)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        Event event =
            switch (reader.read(json, 0, json.length, Instant.EPOCH)) {
              case EventReader.Result.ValidEvent(Event read, _) -> read;
              case EventReader.Result.InvalidEvent(var problems) ->
                  throw new AssertionError(problems.toString());
            };
        if (!dropped.test(event)) {
          recording.add(new Line(line, event.received()));
        }
      }
    }
    return recording;
  }

  /** The blocks that the automations name. */
  private static String webhooks(String url) {
    return """
    {ops: {url: "%1$s", block_document_id: 3541c21e-8619-4cd0-a578-500e4b6560ef},
     pager: {url: "%1$s", block_document_id: 2b9c1338-3464-4bf0-b011-06cfe5a30c41},
     chat: {url: "%1$s", block_document_id: 31ba3d06-dc9c-4e37-951e-4f5d5e201e51}}\
    """
        .formatted(url);
  }
}
