package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.store.StoreAdmin;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoreRepair;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.engine.store.UnreadableRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * A row that cannot be read is set aside and reported, whatever its table, and the rest goes on.
 */
class UnreadableRowsTest {

  private static final long SEED = Long.getLong("tocsin.rows.seed", 14);
  private static final int ROUNDS = Integer.getInteger("tocsin.rows.rounds", 12);

  /** Two of three events: the window stays open over a restart. */
  private static final String THREE =
      """
      - id: three
        name: three
        trigger: {expect: [x], threshold: 3, within: 1h}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  @BeforeEach
  void twoEvents() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      daemon.send(TestDaemon.event("x2", "x", 2));
      daemon.send(TestDaemon.event("y1", "y", 3));
    }
    assertThat(store().check().faults()).isEmpty();
  }

  private StoreAdmin store() {
    return Stores.admin(folder.resolve("data"));
  }

  private void sql(String... statements) throws SQLException {
    sql(folder.resolve("data"), statements);
  }

  private static void sql(Path data, String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve(Stores.FILE));
        Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        assertThat(sql.executeUpdate(statement)).as(statement).isPositive();
      }
    }
  }

  private int count(String query) throws SQLException {
    try (StoredRows rows = new StoredRows(folder.resolve("data"))) {
      return rows.count(query);
    }
  }

  private static void assertReported(TestDaemon daemon, String table) throws Exception {
    JsonNode report = daemon.await("*.engine.row.unreadable", 1).getFirst();
    assertThat(report.path("payload").path("table").asString()).isEqualTo(table);
    assertThat(report.path("payload").path("row").asString()).isNotEmpty();
    assertThat(report.path("payload").path("reason").asString()).isNotEmpty();
    assertThat(daemon.get("/metrics").body()).contains("tocsin_store_rows_unreadable 1.0");
  }

  /** The third event fires: the window was there. */
  private static void assertFires(TestDaemon daemon) throws Exception {
    daemon.send(TestDaemon.event("x3", "x", 4));
    daemon.await("*.action.executed", 1);
    assertThat(daemon.total("*.automation.triggered")).isEqualTo(1);
    assertThat(daemon.get("/ready").statusCode()).isEqualTo(200);
  }

  private static final String FEEDBACK =
      "INSERT INTO feedback (id, body) VALUES ('bad', CAST('{\"id\": 5' AS BLOB))";

  @Test
  void anOwnEventThatWaits() throws Exception {
    sql(FEEDBACK, FEEDBACK.replace("'bad'", "'worse'").replace("'{\"id\": 5'", "''"));
    assertThat(store().check().faults())
        .hasSize(2)
        .allMatch(fault -> fault.startsWith("feedback "));
    sql("DELETE FROM feedback WHERE id = 'worse'");
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertReported(daemon, "feedback");
      assertFires(daemon);
    }
    assertThat(count("SELECT COUNT(*) FROM set_aside WHERE source = 'feedback'")).isEqualTo(1);
    assertThat(store().check().faults()).isEmpty();
  }

  @Test
  void anEventBeforeTheCheckpoint() throws Exception {
    sql("UPDATE entry SET body = CAST('{\"id\"' AS BLOB) WHERE id = 'y1'");
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertThat(daemon.events("x")).hasSize(2);
      assertThat(daemon.events("y")).isEmpty();
      assertThat(daemon.get("/api/events/y1").statusCode()).isEqualTo(404);
      assertThat(daemon.journal(0, "*").path("events").size()).isGreaterThanOrEqualTo(2);
      assertReported(daemon, "entry");
      assertFires(daemon);
    }
    assertThat(store().check().faults()).hasSize(1).first().asString().startsWith("entry ");
  }

  @Test
  void anEventAfterTheCheckpoint() throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    Consumer<String> noCheckpoint = WatchedStore.unsaved(started);
    try (TestDaemon daemon =
        TestDaemon.start(
            folder, THREE, Schedulers.parallel(), store -> WatchedStore.of(store, noCheckpoint))) {
      started.set(true);
      daemon.send(TestDaemon.event("y2", "y", 3));
    }
    sql("UPDATE entry SET body = x'' WHERE id = 'y2'");
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertReported(daemon, "entry");
      assertFires(daemon);
    }
  }

  @Test
  void aCheckpointWhoseEntriesAreAllThere() throws Exception {
    for (String damage :
        List.of(
            "UPDATE checkpoint SET head = substr(head, 1, 20)",
            "UPDATE checkpoint_page SET body = substr(body, 1, length(body) - 1)",
            "UPDATE checkpoint_page SET body = x''",
            "DELETE FROM checkpoint_page")) {
      sql(damage);
      assertThat(store().check().faults()).first().asString().startsWith("checkpoint 1 ");
      assertThat(store().repair().setAside()).isEmpty();
      try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
        assertReported(daemon, "checkpoint");
      }
      assertThat(store().check().faults()).isEmpty();
    }
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertFires(daemon);
    }
  }

  @Test
  void aCheckpointWhoseEntriesWereDropped() throws Exception {
    sql("UPDATE checkpoint SET head = '{'");
    sql(
        "INSERT INTO segment (first, last, opened, closed, entries, bytes, position, state)"
            + " VALUES (0, 1, 0, 0, 0, 0, 0, 'dropped')");
    assertThatThrownBy(() -> TestDaemon.start(folder, THREE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("its head is not as it was written")
        .hasMessageContaining("'tocsin store repair'");
    StoreRepair repair = store().repair();
    assertThat(repair.losesState()).isTrue();
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      daemon.send(TestDaemon.event("x3", "x", 4));
      daemon.send(TestDaemon.event("x4", "x", 5));
      daemon.send(TestDaemon.event("x5", "x", 6));
      daemon.await("*.action.executed", 1);
    }
  }

  @Test
  void aDefinition() throws Exception {
    sql("UPDATE definition SET body = '{}'");
    assertThat(store().check().faults()).first().asString().startsWith("definition ");
    assertThat(store().repairPlan().setAside()).hasSize(1);
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertReported(daemon, "definition");
      daemon.send(TestDaemon.event("x3", "x", 4));
      daemon.send(TestDaemon.event("x4", "x", 5));
      daemon.send(TestDaemon.event("x5", "x", 6));
      daemon.await("*.action.executed", 1);
    }
    assertThat(store().check().faults()).as("declared again").isEmpty();
  }

  /**
   * Whatever is in a row: the daemon starts, accepts events, and a repair makes the store sound.
   */
  @Test
  void anyContentOfAnyRow() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      Path home = folder.resolve("round" + round);
      Path copy = Files.createDirectories(home.resolve("data"));
      Files.copy(folder.resolve("data").resolve(Stores.FILE), copy.resolve(Stores.FILE));
      String damage = damage(random);
      sql(copy, FEEDBACK.replace("CAST('{\"id\": 5' AS BLOB)", "(SELECT body FROM entry LIMIT 1)"));
      sql(copy, damage);
      try (TestDaemon daemon = TestDaemon.start(home, THREE)) {
        assertThat(daemon.get("/ready").statusCode()).as(damage).isEqualTo(200);
        daemon.send(TestDaemon.event("z", "z", 5));
        assertThat(daemon.events("z")).as(damage).hasSize(1);
      }
      StoreAdmin admin = Stores.admin(copy);
      admin.repair();
      try (TestDaemon daemon = TestDaemon.start(home, THREE)) {
        assertThat(daemon.get("/ready").statusCode()).as(damage).isEqualTo(200);
      }
      assertThat(admin.check().faults()).as(damage).isEmpty();
    }
  }

  private static String damage(Random random) {
    String blob =
        switch (random.nextInt(5)) {
          case 0 -> "x''";
          case 1 -> "CAST('null' AS BLOB)";
          case 2 -> "CAST('{\"id\":\"' || char(55296) || '\"}' AS BLOB)";
          case 3 -> "substr(body, 1, length(body) / 2)";
          default -> "CAST(substr(body, 1, %1$d) || x'ff' || substr(body, %1$d + 2) AS BLOB)";
        };
    String text = List.of("''", "'null'", "'{\"live\":1}'", "substr(%s, 2)").get(random.nextInt(4));
    int place = random.nextInt(20);
    return switch (random.nextInt(5)) {
      case 0 ->
          "UPDATE entry SET body = %s WHERE sequence = %d"
              .formatted(blob.formatted(place), 1 + random.nextInt(4));
      case 1 -> "UPDATE feedback SET body = " + blob.formatted(place);
      case 2 -> "UPDATE checkpoint_page SET body = " + blob.formatted(place);
      case 3 -> "UPDATE checkpoint SET head = " + text.formatted("head");
      default -> "UPDATE definition SET body = " + text.formatted("body");
    };
  }

  @Test
  void repairSaysAndDoesIt() throws Exception {
    sql(FEEDBACK, "UPDATE entry SET body = x'00' WHERE id IN ('x1', 'y1')");
    List<UnreadableRow> planned = store().repairPlan().setAside();
    assertThat(planned)
        .extracting(UnreadableRow::table)
        .containsExactly("entry", "entry", "feedback");
    assertThat(store().check().faults()).hasSize(3);
    assertThat(store().repair().setAside()).isEqualTo(planned);
    assertThat(store().check().faults()).isEmpty();
    assertThat(store().repair().setAside()).isEmpty();
    assertThat(count("SELECT COUNT(*) FROM set_aside WHERE content LIKE '%\"body\":\"00\"%'"))
        .isEqualTo(2);
    try (TestDaemon daemon = TestDaemon.start(folder, THREE)) {
      assertThatThrownBy(() -> store().repair())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is in use by");
      assertFires(daemon);
    }
  }
}
