package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@link StoreInfo}. */
final class SqliteInfo {

  private SqliteInfo() {}

  static StoreInfo of(Path file, Connection connection) throws SQLException {
    SqliteReader reader = new SqliteReader(connection);
    StoreSize size = reader.size();
    return new StoreInfo(
        file,
        SqliteSize.pragma(connection, "user_version"),
        size(file),
        size(file.resolveSibling(file.getFileName() + "-wal")),
        size.bytes(),
        SqliteSize.pragma(connection, "freelist_count"),
        size.segments(),
        reader.number(
            "SELECT COALESCE(SUM(entries), 0) FROM segment WHERE state IN ('open', 'sealed')"),
        size.oldest(),
        newest(reader),
        reader.number(SqliteEntries.LAST_SEQUENCE),
        reader.number(SqliteEntries.DROPPED_UP_TO),
        checkpoint(reader),
        reader.number("SELECT COUNT(*) FROM invocation WHERE outcome IS NULL"),
        reader.number("SELECT COUNT(*) FROM feedback"));
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new StoreException("Cannot read the size of " + file + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Instant newest(SqliteReader reader) throws SQLException {
    List<Instant> newest =
        reader.rows(
            "SELECT closed FROM segment WHERE state IN ('open', 'sealed')"
                + " ORDER BY first DESC LIMIT 1",
            row -> instant(row.getLong(1)));
    return newest.isEmpty() ? null : newest.getFirst();
  }

  private static StoreInfo.@Nullable SavedCheckpoint checkpoint(SqliteReader reader)
      throws SQLException {
    List<StoreInfo.SavedCheckpoint> saved =
        reader.rows(
            """
            SELECT sequence, clock, COUNT(place), COALESCE(SUM(length(body)), 0) + length(head)
            FROM checkpoint LEFT JOIN checkpoint_page ON place BETWEEN first AND last
            GROUP BY sequence\
            """,
            row ->
                new StoreInfo.SavedCheckpoint(
                    row.getLong(1), instant(row.getLong(2)), row.getLong(3), row.getLong(4)));
    return saved.isEmpty() ? null : saved.getFirst();
  }
}
