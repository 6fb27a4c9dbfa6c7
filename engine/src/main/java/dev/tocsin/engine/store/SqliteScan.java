package dev.tocsin.engine.store;

import dev.tocsin.wire.FiringJson;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Reads every row that a start of the daemon reads, and names those that it could not read. */
final class SqliteScan {

  static final String ENTRY = "entry";
  static final String FEEDBACK = "feedback";
  static final String DEFINITION = "definition";
  static final String FIRING = "firing";
  static final String CHECKPOINT = "checkpoint";

  private static final int PAGES = 20;

  private final Connection connection;
  private final Consumer<UnreadableRow> found;

  SqliteScan(Connection connection, Consumer<UnreadableRow> found) {
    this.connection = connection;
    this.found = found;
  }

  /** All rows. */
  void all() throws SQLException {
    each(
        ENTRY,
        "sequence",
        "SELECT sequence, received, kind, subject, depth, origin, body FROM entry",
        SqliteEntries::entry);
    allButEntries();
  }

  /** Own events that wait, definitions, firings with pending actions, and the checkpoint. */
  void allButEntries() throws SQLException {
    each(
        FEEDBACK,
        "position",
        "SELECT position, depth, origin, body FROM feedback",
        SqliteRows::waitingEvent);
    each(
        DEFINITION,
        "fingerprint",
        "SELECT fingerprint, body FROM definition",
        SqliteRows::definition);
    each(
        FIRING,
        "id",
        """
        SELECT id, body FROM firing
        WHERE id IN (SELECT firing FROM invocation WHERE outcome IS NULL)\
        """,
        row -> FiringJson.read(row.getString("body")));
    try {
      checkpoint();
    } catch (UnreadableCheckpointException e) {
      found.accept(new UnreadableRow(CHECKPOINT, "1", String.valueOf(e.getMessage())));
    }
  }

  private void each(String table, String key, String query, SqliteReader.RowMapper<?> mapper)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        try {
          var _ = mapper.map(row);
        } catch (RuntimeException e) {
          found.accept(UnreadableRows.of(table, key, row, e));
        }
      }
    }
  }

  private void checkpoint() throws SQLException {
    SqliteReader reader = new SqliteReader(connection);
    StoredCheckpoint checkpoint = SqliteCheckpoints.latest(reader).orElse(null);
    if (checkpoint == null) {
      return;
    }
    long place = checkpoint.first() - 1;
    while (place < checkpoint.last()) {
      List<CheckpointPage> pages = SqliteCheckpoints.pages(reader, place, checkpoint.last(), PAGES);
      long last = pages.isEmpty() ? checkpoint.last() : pages.getLast().place();
      new StoredCheckpoint(0, Instant.EPOCH, "", place + 1, last)
          .complete(pages.iterator())
          .forEachRemaining(_ -> {});
      place = last;
    }
  }
}
