package dev.tocsin.engine.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Moves rows that cannot be read to the table {@code set_aside}, with all that they contain. */
final class SqliteRepair {

  /** How a row of a table is copied as JSON, by what identifies it. */
  private static final Map<String, SetAside> TABLES =
      Map.of(
          SqliteScan.ENTRY,
          new SetAside(
              "sequence",
              "'received', received, 'kind', kind, 'subject', subject, 'id', id, 'occurred',"
                  + " occurred, 'name', name, 'resource', resource, 'depth', depth, 'origin',"
                  + " origin, 'body', hex(body)"),
          SqliteScan.FEEDBACK,
          new SetAside("position", "'id', id, 'depth', depth, 'origin', origin, 'body', hex(body)"),
          SqliteScan.DEFINITION,
          new SetAside("fingerprint", "'body', body"),
          SqliteScan.CHECKPOINT,
          new SetAside(
              "only",
              "'sequence', sequence, 'clock', clock, 'head', head, 'first', first, 'last', last"));

  private SqliteRepair() {}

  /**
   * How a row is moved.
   *
   * @param key the column that identifies it
   * @param columns the others, as arguments of {@code json_object}
   */
  private record SetAside(String key, String columns) {}

  /** What {@link #run} would do, beside a daemon that may be running. */
  static StoreRepair plan(Path folder) {
    try (StoredFile file = StoredFile.open(folder)) {
      return file.read(SqliteRepair::plan);
    }
  }

  /** Does it, in one transaction. */
  static StoreRepair run(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve(Stores.FILE);
    if (!Files.exists(file)) {
      throw new StoreException("There is no store in " + folder + ": " + file + " does not exist");
    }
    try (FolderLock _ = FolderLock.acquire(folder)) {
      SqliteLog.check(file);
      try (Connection connection = SqliteConnections.connect(file, false);
          Statement statement = connection.createStatement()) {
        SqliteSchema.check(connection, file);
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("BEGIN IMMEDIATE");
        StoreRepair plan = plan(connection);
        for (UnreadableRow row : plan.setAside()) {
          setAside(connection, row);
        }
        statement.execute("COMMIT");
        return plan;
      } catch (SQLException e) {
        throw SqliteFailure.of(file, "write to", e);
      }
    }
  }

  private static StoreRepair plan(Connection connection) throws SQLException {
    List<UnreadableRow> setAside = new ArrayList<>();
    List<UnreadableRow> left = new ArrayList<>();
    boolean isWhole = number(connection, SqliteEntries.DROPPED_UP_TO) == 0;
    new SqliteScan(
            connection,
            row -> {
              boolean isCheckpoint = row.table().equals(SqliteScan.CHECKPOINT);
              boolean stays = row.table().equals(SqliteScan.FIRING) || (isCheckpoint && isWhole);
              (stays ? left : setAside).add(row);
            })
        .all();
    return new StoreRepair(
        setAside,
        left,
        setAside.stream().anyMatch(row -> row.table().equals(SqliteScan.CHECKPOINT)));
  }

  /** Moves a row; within a transaction. */
  static void setAside(Connection connection, UnreadableRow row) throws SQLException {
    SetAside how = Objects.requireNonNull(TABLES.get(row.table()));
    update(
        connection,
        "INSERT INTO set_aside (source, key, reason, content) SELECT '%s', %s, ?2, json_object(%s)"
                .formatted(row.table(), how.key(), how.columns())
            + " FROM %s WHERE %s = ?1".formatted(row.table(), how.key()),
        row.key(),
        row.reason());
    switch (row.table()) {
      case SqliteScan.ENTRY ->
          update(
              connection,
              """
              UPDATE segment SET entries = entries - 1,
                bytes = bytes - (SELECT length(body) FROM entry WHERE sequence = ?1)
              WHERE state IN ('open', 'sealed') AND ?1 BETWEEN first AND last\
              """,
              Long.valueOf(row.key()));
      case SqliteScan.CHECKPOINT -> update(connection, "DELETE FROM checkpoint_page");
      default -> {}
    }
    update(connection, "DELETE FROM %s WHERE %s = ?1".formatted(row.table(), how.key()), row.key());
  }

  private static void update(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
