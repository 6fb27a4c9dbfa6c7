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

/**
 * What is in a store, for an operator.
 *
 * @param file of the database
 * @param layout version of its tables
 * @param bytes of the file
 * @param logBytes of the write-ahead log beside it
 * @param usedBytes of the file's pages that hold something; retention by size counts these
 * @param freePages of the file, which are used next
 * @param segments of the journal
 * @param entries of the journal
 * @param oldest receipt of the oldest entry, or null
 * @param newest receipt of the newest entry, or null
 * @param last sequence number of the newest entry; 0 for none
 * @param droppedUpTo sequence number up to which retention took entries away; 0 for none
 * @param checkpoint the latest, or null
 * @param waitingInvocations actions not yet done
 * @param waitingFeedback own events not yet taken in
 */
public record StoreInfo(
    Path file,
    long layout,
    long bytes,
    long logBytes,
    long usedBytes,
    long freePages,
    long segments,
    long entries,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    long last,
    long droppedUpTo,
    @Nullable SavedCheckpoint checkpoint,
    long waitingInvocations,
    long waitingFeedback) {

  /**
   * A checkpoint from outside.
   *
   * @param sequence of the last entry whose effect it holds
   * @param clock of the engine then
   * @param pages of it
   * @param bytes of the pages and their head
   */
  public record SavedCheckpoint(long sequence, Instant clock, long pages, long bytes) {}

  /**
   * Reads it beside the daemon that may be running; takes no lock.
   *
   * @throws StoreException where the folder holds no store that this version can read
   */
  public static StoreInfo of(Path folder) {
    try (StoredFile file = StoredFile.open(folder)) {
      return file.read(connection -> of(file.path(), connection));
    }
  }

  private static StoreInfo of(Path file, Connection connection) throws SQLException {
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
        reader.number(SqliteStore.LAST_SEQUENCE),
        reader.number(SqliteStore.DROPPED_UP_TO),
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

  private static @Nullable SavedCheckpoint checkpoint(SqliteReader reader) throws SQLException {
    List<SavedCheckpoint> saved =
        reader.rows(
            """
            SELECT sequence, clock, COUNT(place), COALESCE(SUM(length(body)), 0) + length(head)
            FROM checkpoint LEFT JOIN checkpoint_page ON place BETWEEN first AND last
            GROUP BY sequence\
            """,
            row ->
                new SavedCheckpoint(
                    row.getLong(1), instant(row.getLong(2)), row.getLong(3), row.getLong(4)));
    return saved.isEmpty() ? null : saved.getFirst();
  }
}
