package dev.tocsin.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.Daemon;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StoreCommandTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Instant NOW = Instant.parse("2100-01-01T00:00:00Z");

  private static final String AUTOMATIONS =
      """
      automations:
        - id: third
          name: third
          trigger: {expect: [login.failed], threshold: 3, within: 1h}
          actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private static CommandRun store(String... arguments) {
    return CommandRun.of(StoreCommand.of(Map.of(), InstantSource.fixed(NOW)), arguments);
  }

  private Daemon daemon(Path data) throws IOException {
    Path file = Files.writeString(folder.resolve("automations.yaml"), AUTOMATIONS);
    EffectiveSettings effective =
        SettingsReader.read(
            null,
            Map.of(),
            Map.of("listen", List.of("127.0.0.1:0"), "data", List.of(data.toString())));
    return Daemon.start(
        effective.settings(),
        AutomationFiles.dry(effective).read(List.of(file)).automations(),
        Schedulers.parallel(),
        () -> {});
  }

  private static String failure(int number) {
    return """
    {"id": "e%1$d", "occurred": "2026-01-01T10:00:%1$02dZ", "event": "login.failed",\
     "resource": {"prefect.resource.id": "u1"}}\
    """
        .formatted(number);
  }

  private static int post(Daemon daemon, String json) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + daemon.address().getPort() + "/api/events"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }

  private static JsonNode events(Daemon daemon, String name) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri =
          URI.create(
              "http://127.0.0.1:" + daemon.address().getPort() + "/api/events?event=" + name);
      return MAPPER.readTree(
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static void sql(Path data, String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data + "/tocsin.db");
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  @Test
  void infoAndCheckWorkBesideARunningDaemon() throws Exception {
    try (Daemon daemon = daemon(data())) {
      post(daemon, "[" + failure(1) + "," + failure(2) + "]");
      CommandRun table = store("info", "--data", data().toString());
      assertThat(table.exit()).isZero();
      assertThat(table.out().lines())
          .contains("journal     4 entries in 1 segment, last position 4")
          .contains("waiting     0 actions, 0 own events")
          .anyMatch(line -> line.startsWith("checkpoint  at position 2, 2 entries before the last"))
          .anyMatch(line -> line.startsWith("oldest      20"));
      JsonNode json =
          MAPPER.readTree(store("info", "--format=json", "--data", data().toString()).out());
      assertThat(json.path("last").asLong()).isEqualTo(4);
      assertThat(json.path("layout").asInt()).isEqualTo(1);
      assertThat(json.at("/checkpoint/sequence").asLong()).isEqualTo(2);
      CommandRun check = store("check", "--data", data().toString());
      assertThat(check.err()).isEmpty();
      assertThat(check.out())
          .isEqualToIgnoringNewLines("The store in " + data() + " is sound: 4 entries.");
      assertThat(check.exit()).isZero();
    }
  }

  @Test
  void whatIsNotThereIsSaidInALine() {
    for (String command : List.of("info", "check", "repair", "export")) {
      CommandRun run = store(command, "--data", data().toString());
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).startsWith("There is no store in " + data() + ": ").hasLineCount(1);
    }
    assertThat(store("backup", folder + "/copy", "--data", data().toString()).exit()).isEqualTo(1);
    assertThat(data()).doesNotExist();
    CommandRun nothing = store();
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("info, check, repair, export, import or backup");
  }

  @Test
  void checkNamesEachFault() throws Exception {
    try (Daemon daemon = daemon(data())) {
      post(daemon, "[" + failure(1) + "," + failure(2) + "," + failure(3) + "]");
      while (events(daemon, "*.action.executed").path("total").asInt() == 0) {
        Thread.onSpinWait();
      }
    }
    assertThat(store("check", "--data", data().toString()).exit()).isZero();
    sql(data(), "DELETE FROM firing");
    sql(data(), "UPDATE entry SET body = CAST('{' AS BLOB) WHERE id = 'e1'");
    sql(data(), "UPDATE entry SET received = 5 WHERE id = 'e2'");
    sql(data(), "UPDATE segment SET entries = 77");
    sql(data(), "UPDATE checkpoint SET sequence = 1000");
    sql(data(), "DELETE FROM definition");
    sql(data(), "UPDATE invocation SET outcome = NULL");
    CommandRun run = store("check", "--data", data().toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines().map(line -> line.replaceFirst("(has) \\d+$", "$1 N")))
        .contains(
            "the checkpoint is ahead of the last entry: the end of the journal is missing (1)",
            "actions refer to a missing firing (1)",
            "waiting actions refer to a missing definition of their automation (1)",
            "entry 4 was received earlier than its predecessor",
            "the segment that starts with entry 1 records 77 entries but has N")
        .anyMatch(line -> line.matches("entry 1 declares the automation \\S+, whose .* is missing"))
        .anyMatch(line -> line.startsWith("entry 3 cannot be read: "))
        .anyMatch(line -> line.contains("copy a backup to tocsin.db"));
  }

  @Test
  void repairSetsAsideWhatCheckFindsAndExportLeavesItOut() throws Exception {
    try (Daemon daemon = daemon(data())) {
      post(daemon, "[" + failure(1) + "," + failure(2) + "]");
    }
    sql(data(), "UPDATE entry SET body = CAST('{' AS BLOB) WHERE id = 'e1'");
    CommandRun export = store("export", "--data", data().toString());
    assertThat(export.exit()).isEqualTo(1);
    assertThat(export.out()).contains("\"e2\"").hasLineCount(1);
    assertThat(export.err())
        .contains("entry 3 cannot be read: ", "1 event written", "1 entry left");
    CommandRun planned = store("repair", "--dry-run", "--data", data().toString());
    assertThat(planned.out())
        .startsWith("would be set aside: entry 3 cannot be read: ")
        .endsWith("1 row of the store in " + data() + " would be set aside.\n");
    assertThat(store("check", "--data", data().toString()).exit()).isEqualTo(1);
    CommandRun repair = store("repair", "--data", data().toString());
    assertThat(repair.exit()).isZero();
    assertThat(repair.out()).startsWith("set aside: entry 3 cannot be read: ");
    CommandRun check = store("check", "--data", data().toString());
    assertThat(check.err()).isEmpty();
    assertThat(check.exit()).isZero();
    assertThat(store("export", "--data", data().toString()).exit()).isZero();
  }

  @Test
  void checkFindsADamagedPage() throws Exception {
    try (Daemon daemon = daemon(data())) {
      for (int i = 0; i < 60; i++) {
        post(daemon, failure(i));
      }
    }
    try (FileChannel file =
        FileChannel.open(data().resolve("tocsin.db"), StandardOpenOption.WRITE)) {
      byte[] garbage = new byte[4_096];
      Arrays.fill(garbage, (byte) 0x5a);
      file.write(ByteBuffer.wrap(garbage), 4 * 4_096);
      file.write(ByteBuffer.wrap(garbage), file.size() - 2 * 4_096);
    }
    CommandRun run = store("check", "--data", data().toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("damaged").doesNotContain("\tat ");
  }

  @Test
  void whatIsExportedCanBeImportedAsHistory() throws Exception {
    try (Daemon daemon = daemon(data())) {
      post(daemon, failure(1));
      post(daemon, failure(2));
    }
    CommandRun lines = store("export", "--data", data().toString());
    assertThat(lines.exit()).isZero();
    assertThat(lines.err()).isEqualToIgnoringNewLines("2 events written");
    Path file = folder.resolve("out.ndjson.gz");
    assertThat(store("export", "--data", data().toString(), "--output", file.toString()).exit())
        .isZero();
    CommandRun again = store("export", "--data", data().toString(), "--output", file.toString());
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("file already exists");
    assertThat(file).isNotEmptyFile();
    assertThat(store("export", "--since", NOW.toString(), "--data", data().toString()).out())
        .isEmpty();

    Path other = folder.resolve("other");
    CommandRun imported =
        store("import", "--data", other.toString(), file.toString(), file.toString());
    assertThat(imported.err()).contains("must not be earlier than that of the previous event");
    assertThat(imported.exit()).isEqualTo(1);
    assertThat(other.toFile().list()).containsExactly("lock");
    imported = store("import", "--data", other.toString(), file.toString());
    assertThat(imported.out())
        .isEqualToIgnoringNewLines("2 events imported into " + other + ", 0 duplicates");
    assertThat(other.toFile().list()).containsExactlyInAnyOrder("lock", "tocsin.db");
    assertThat(store("export", "--data", other.toString()).out()).isEqualTo(lines.out());
    try (Daemon daemon = daemon(other)) {
      // Two came before as history, and do not count: only with the third of now it would fire.
      assertThat(post(daemon, "[" + failure(1) + "," + failure(3) + "]")).isEqualTo(204);
      assertThat(events(daemon, "login.failed").path("total").asInt()).isEqualTo(3);
      assertThat(events(daemon, "*.automation.triggered").path("total").asInt()).isZero();
      post(daemon, "[" + failure(4) + "," + failure(5) + "]");
      while (events(daemon, "*.automation.triggered").path("total").asInt() == 0) {
        Thread.onSpinWait();
      }
    }
    assertThat(store("check", "--data", other.toString()).err()).isEmpty();
    CommandRun full = store("import", "--data", other.toString(), file.toString());
    assertThat(full.exit()).isEqualTo(1);
    assertThat(full.err()).contains("an import fills only a new store");
  }

  @Test
  void whatCannotBeImportedIsNamedByItsLine() throws Exception {
    String late = failure(7).replace("2026", "2200");
    Path file = write("bad.ndjson", failure(2), failure(1), "", "{", late, failure(3));
    CommandRun run = store("import", "--data", data().toString(), file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err().lines())
        .hasSize(4)
        .contains(
            file
                + ":2  $.received  must not be earlier than that of the previous event,"
                + " 2026-01-01T10:00:02Z, not 2026-01-01T10:00:01Z",
            file
                + ":5  $.received  must not be later than the current time, 2100-01-01T00:00:00Z,"
                + " not 2200-01-01T10:00:07Z",
            "3 problems; nothing was imported.");
    assertThat(data().toFile().list()).containsExactly("lock");
    Path twice = write("twice.ndjson", failure(1), failure(1), failure(2));
    assertThat(store("import", "--data", data().toString(), twice.toString()).out())
        .contains("2 events imported", "1 duplicate");
  }

  @Test
  void importAndRunKeepOutOfEachOthersWay() throws Exception {
    Path file = write("one.ndjson", failure(1));
    try (Daemon daemon = daemon(data())) {
      assertThat(post(daemon, failure(1))).isEqualTo(204);
      CommandRun run = store("import", "--data", data().toString(), file.toString());
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("is in use by");
    }
  }

  @Test
  void aBackupOfARunningDaemonIsAStore() throws Exception {
    Path copy = folder.resolve("copy.db");
    try (Daemon daemon = daemon(data())) {
      post(daemon, "[" + failure(1) + "," + failure(2) + "]");
      CommandRun run = store("backup", copy.toString(), "--data", data().toString());
      assertThat(run.err()).isEmpty();
      assertThat(run.exit()).isZero();
      post(daemon, failure(9));
    }
    CommandRun again = store("backup", copy.toString(), "--data", data().toString());
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err())
        .isEqualToIgnoringNewLines(copy + " already exists. Choose another name");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("automations.yaml", "copy.db", "data");

    Path restored = Files.createDirectory(folder.resolve("restored"));
    Files.copy(copy, restored.resolve("tocsin.db"));
    assertThat(store("check", "--data", restored.toString()).exit()).isZero();
    try (Daemon daemon = daemon(restored)) {
      assertThat(events(daemon, "login.failed").path("total").asInt()).isEqualTo(2);
      post(daemon, failure(3));
      while (events(daemon, "*.automation.triggered").path("total").asInt() == 0) {
        Thread.onSpinWait();
      }
    }
    List<String> kinds = new ArrayList<>();
    try (Store store = Stores.open(restored)) {
      for (JournalEntry entry : store.entries(0, 100)) {
        if (!(entry instanceof JournalEntry.BlindEntry)) {
          kinds.add(entry.getClass().getSimpleName());
        }
      }
    }
    assertThat(kinds)
        .startsWith("DeclaredEntry", "SettingsEntry", "EventEntry", "EventEntry", "EventEntry");
  }
}
