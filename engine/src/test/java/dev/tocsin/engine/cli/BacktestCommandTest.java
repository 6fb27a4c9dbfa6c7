package dev.tocsin.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.Daemon;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BacktestCommandTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final String LOGINS =
      """
      automations:
        - name: failed-logins
          trigger: {expect: [login.failed], for_each: [prefect.resource.id], threshold: 3, within: 1m}
          actions: [{type: do-nothing}]
        - name: logins
          trigger: {expect: [login], threshold: 9, within: 1m}
          actions: [{type: do-nothing}]
        - name: elsewhere
          trigger: {expect: [nothing.of.it]}
          actions: [{type: call-webhook, webhook: of-no-settings}]
        - name: silent
          trigger: {posture: Proactive, expect: ["login*"], within: 5m, repeat: never}
          actions: [{type: do-nothing}]
      """;

  private static final String[] FAILURES = {
    event("a", "login.failed", "u1", "10:00:00"),
    event("b", "login.failed", "u2", "10:00:01"),
    event("c", "login.failed", "u1", "10:00:02"),
    event("c", "login.failed", "u1", "10:00:03"),
    event("d", "login.failed", "u1", "10:00:04"),
    event("e", "login", "u1", "10:00:05"),
  };

  @TempDir Path folder;

  @Test
  void aTableSaysWhatFiredAndWhyTheRestDidNot() throws IOException {
    CommandRun run = backtest(LOGINS, FAILURES, "--until", "2026-01-01T10:10:00Z");
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "AUTOMATION     FIRINGS  FIRST                 LAST                  KEYS  NOTE",
            "failed-logins        1  2026-01-01T10:00:04Z  2026-01-01T10:00:04Z     1",
            "logins               0  -                     -                        0"
                + "  best 1 of 9; events: COUNTED 1",
            "elsewhere            0  -                     -                        0"
                + "  matches no event",
            "silent               1  2026-01-01T10:05:05Z  2026-01-01T10:05:05Z     1");
    assertThat(run.err()).isEqualToIgnoringNewLines("6 events evaluated, 0 skipped");
  }

  @Test
  void aTableSaysHowNearTheRestCame() throws IOException {
    String automations =
        """
        automations:
          - name: counted
            trigger: {expect: [x], for_each: [prefect.resource.id], threshold: 4, within: 1m}
            actions: [{type: do-nothing}]
          - name: after
            trigger: {after: [a], expect: [x], threshold: 9, within: 1m}
            actions: [{type: do-nothing}]
          - name: watch
            trigger: {posture: Proactive, expect: [x], for_each: [prefect.resource.id], within: 1m}
            actions: [{type: do-nothing}]
          - name: shipped
            trigger: {posture: Proactive, after: [a], expect: [y], within: 1h}
            actions: [{type: do-nothing}]
          - name: compound
            trigger:
              type: compound
              require: 3
              within: 1h
              triggers:
                - {expect: [a]}
                - {expect: [y]}
                - {type: compound, require: any, within: 1h, triggers: [{expect: [z]}]}
                - {expect: [x], threshold: 100, within: 1m}
            actions: [{type: do-nothing}]
          - name: sequence
            trigger: {type: sequence, within: 1h, triggers: [{expect: [y]}, {expect: [a]}, {expect: [z]}]}
            actions: [{type: do-nothing}]
        """;
    String[] events = {
      event("1", "a", "u1", "10:00:00"),
      event("2", "x", "u1", "10:00:00"),
      event("3", "x", "u1", "10:00:05"),
      event("4", "x", "u2", "10:00:06"),
      event("5", "x", "u1", "10:00:59"),
      event("6", "x", "u2", "10:01:04"),
      event("7", "y", "u1", "10:01:05.5"),
    };
    CommandRun run = backtest(automations, events);
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "AUTOMATION FIRINGS FIRST LAST KEYS NOTE",
            "counted 0 - - 0 best 3 of 4; events: COUNTED 5",
            "after 0 - - 0 best 4 of 9; events: COUNTED 4, OPENED 1, NOT_OPEN 1",
            "watch 0 - - 0 best 58s of 1m; events: ARMED 2, SATISFIED 3",
            "shipped 0 - - 0 best 1m5.5s of 1h; events: SATISFIED 1, OPENED 1",
            "compound 0 - - 0 best 2 of 3 triggers; events: COUNTED 5, ADVANCED 2, FIRED 2",
            "sequence 0 - - 0 best 1 of 3 triggers; events: ADVANCED 2, FIRED 2");
  }

  @Test
  void aTableFitsTheTerminal() throws IOException {
    Path automations = write("automations.yaml", LOGINS);
    Path file = write("events.ndjson", String.join("\n", FAILURES));
    BacktestCommand command = new BacktestCommand(Map.of(), new Terminal(true, 80));
    CommandRun run =
        CommandRun.of(
            command, "--automations", automations.toString(), "--events", file.toString());
    assertThat(run.out().lines()).hasSize(5).allMatch(line -> line.length() <= 80);
  }

  @Test
  void aTimeThatIsNoneIsNamedByItsOption() throws IOException {
    CommandRun run = backtest(LOGINS, FAILURES, "--start", "yesterday");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .contains("'--start'", "2026-01-01T00:00:00Z, not 'yesterday'")
        .doesNotContain("java.");
  }

  @Test
  void aFileThatIsNotThereIsSaidInWords() throws IOException {
    Path automations = write("automations.yaml", LOGINS);
    Path none = folder.resolve("none.ndjson");
    CommandRun run =
        CommandRun.of(
            new BacktestCommand(Map.of(), Terminal.NONE),
            "--automations",
            automations.toString(),
            "--events",
            none.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).isEqualToIgnoringNewLines(none + ": no such file or folder");
  }

  @Test
  void ndjsonIsALineForEachFiring() throws IOException {
    CommandRun run = backtest(LOGINS, FAILURES, "--format", "ndjson");
    assertThat(run.out().lines())
        .containsExactly(
            "{\"automation\":\"failed-logins\",\"triggered\":\"2026-01-01T10:00:04Z\","
                + "\"state\":\"Triggered\",\"labels\":{\"prefect.resource.id\":\"u1\"},"
                + "\"event\":\"d\"}");
  }

  @Test
  void boundsAreOfReceipt() throws IOException {
    assertThat(backtest(LOGINS, FAILURES, "--format=ndjson", "--start=2026-01-01T10:00:01Z").out())
        .isEmpty();
    CommandRun run = backtest(LOGINS, FAILURES, "--format=ndjson", "--until=2026-01-01T10:00:04Z");
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.err()).startsWith("5 events evaluated, 1 skipped");
    CommandRun turned =
        backtest(LOGINS, FAILURES, "--start=2026-01-01T10:00:01Z", "--until=2026-01-01T10:00:00Z");
    assertThat(turned.exit()).isEqualTo(2);
    assertThat(turned.err()).contains("lies before start");
  }

  @Test
  void compareTellsWhatAnotherVersionAddsAndRemoves() throws IOException {
    Path other = write("other.yaml", LOGINS.replace("threshold: 3", "threshold: 2"));
    CommandRun run = backtest(LOGINS, FAILURES, "--compare", other.toString());
    assertThat(run.out().lines().map(line -> line.replaceFirst(",\"state.*", "")))
        .containsExactly(
            "+ {\"automation\":\"failed-logins\",\"triggered\":\"2026-01-01T10:00:02Z\"",
            "- {\"automation\":\"failed-logins\",\"triggered\":\"2026-01-01T10:00:04Z\"",
            other
                + " adds 1 firing to those of "
                + folder.resolve("automations.yaml")
                + " and removes 1; 0 are the same");
    CommandRun same =
        backtest(LOGINS, FAILURES, "--compare", folder.resolve("automations.yaml").toString());
    assertThat(same.out()).contains(" adds 0 ", "removes 0; 1 are the same");
    CommandRun lines = backtest(LOGINS, FAILURES, "--format=ndjson", "--compare", other.toString());
    assertThat(lines.out().lines().map(line -> MAPPER.readTree(line).get("change").asString()))
        .containsExactly("added", "removed");
  }

  @Test
  void mistakesInTheRecordingAreNamedByLine() throws IOException {
    String[] lines = {FAILURES[0], "{", "", "{\"id\": \"x\"}", FAILURES[1]};
    CommandRun run = backtest(LOGINS, lines);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "events.ndjson:2  $  Not JSON", "events.ndjson:4  $.occurred", "2 events evaluated");
    assertThat(run.out()).contains("failed-logins");
  }

  @Test
  void whatCannotBeReadIsSaidInALine() throws IOException {
    Path automations = write("automations.yaml", LOGINS);
    CommandRun none =
        CommandRun.of(
            command(), "--automations", automations.toString(), "--events", folder + "/none");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err().lines()).hasSize(1);
    CommandRun noStore =
        CommandRun.of(
            command(), "--automations", automations.toString(), "--data", folder.toString());
    assertThat(noStore.exit()).isEqualTo(1);
    assertThat(noStore.err()).contains("There is no store in");
    assertThat(folder.toFile().list()).containsExactly("automations.yaml");
  }

  @Test
  void engineEventsAreDroppedOnDemand() throws IOException {
    String automations =
        """
        name: any
        trigger: {expect: ["*.automation.*"]}
        actions: [{type: do-nothing}]
        """;
    String[] events = {
      event("a", "prefect.automation.triggered", "r", "10:00:00"),
      event("b", "prefect-cloud.automation.action.failed", "r", "10:00:00"),
      event("c", "tocsin.automation.resolved", "r", "10:00:00"),
      event("d", "prefect.automation.created", "r", "10:00:00"),
    };
    assertThat(backtest(automations, events, "--format=ndjson").out().lines()).hasSize(4);
    Path config = write("tocsin.yaml", "namespace: tocsin\n");
    CommandRun dropped =
        backtest(
            automations,
            events,
            "--format=ndjson",
            "--drop-engine-events",
            "--config",
            config.toString());
    assertThat(dropped.out().lines().map(line -> MAPPER.readTree(line).get("event").asString()))
        .containsExactly("d");
  }

  @Test
  void theRecordedStreamFiresAsTheSpecificationCounts() throws IOException {
    CommandRun run =
        CommandRun.of(
            command(),
            "--automations",
            "src/test/resources/recording/prefect-automations.yaml",
            "--events",
            "src/test/resources/recording/prefect-events.ndjson.gz",
            "--drop-engine-events");
    assertThat(run.exit()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll("^(\\S+) +(\\d+) .*", "$1 $2")))
        .contains(
            "customer-card-declined-5-times 7", "brute-force-login 2", "lake-asset-failed 11");
  }

  @Test
  void aRunningDaemonsJournalFiresWithTheSameIds() throws Exception {
    Path automations = write("automations.yaml", LOGINS);
    Path data = folder.resolve("data");
    EffectiveSettings effective =
        SettingsReader.read(
            null,
            Map.of(),
            Map.of("listen", List.of("127.0.0.1:0"), "data", List.of(data.toString())));
    AutomationFiles.ReadAutomations reading =
        AutomationFiles.dry(effective).read(List.of(automations));
    List<String> ids = new ArrayList<>();
    try (Daemon daemon =
        Daemon.start(
            effective.settings(), reading.automations(), Schedulers.parallel(), () -> {})) {
      post(daemon.address().getPort(), "[" + String.join(",", FAILURES) + "]");
      CommandRun run =
          CommandRun.of(
              command(),
              "--automations",
              automations.toString(),
              "--data",
              data.toString(),
              "--format=ndjson",
              "--ids");
      assertThat(run.exit()).isZero();
      for (String line : run.out().lines().toList()) {
        JsonNode firing = MAPPER.readTree(line);
        assertThat(firing.get("automation").asString()).isEqualTo("failed-logins");
        ids.add(firing.get("id").asString());
      }
    }
    assertThat(ids).hasSize(1);
    try (Store store = Stores.open(data)) {
      assertThat(store.firing(ids.getFirst())).isNotNull();
    }
  }

  @Test
  void theProgressIsForAPersonOnly() throws IOException {
    String[] many = new String[1_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = event("e" + i, "login", "u", "10:00:00");
    }
    Path automations = write("automations.yaml", LOGINS);
    Path events = write("events.ndjson", String.join("\n", many));
    String[] arguments = {"--automations", automations.toString(), "--events", events.toString()};
    CommandRun watched =
        CommandRun.of(new BacktestCommand(Map.of(), new Terminal(true, 80)), arguments);
    assertThat(watched.err()).contains("\r[", "256 events", "1,000 events evaluated");
    assertThat(CommandRun.of(command(), arguments).err()).doesNotContain("\r");
  }

  private CommandRun backtest(String automations, String[] events, String... more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--automations",
                write("automations.yaml", automations).toString(),
                "--events",
                write("events.ndjson", String.join("\n", events)).toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(command(), arguments.toArray(String[]::new));
  }

  private static BacktestCommand command() {
    return new BacktestCommand(Map.of(), Terminal.NONE);
  }

  private static void post(int port, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(204);
    }
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private static String event(String id, String name, String resource, String time) {
    return "{\"id\":\"%s\",\"occurred\":\"2026-01-01T%sZ\",\"event\":\"%s\",\"resource\":{\"prefect.resource.id\":\"%s\"}}"
        .formatted(id, time, name, resource);
  }
}
