package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;
import static dev.tocsin.engine.store.SqliteRows.micros;

import dev.tocsin.triggers.runtime.StatePage;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trigger state in a SQLite database. */
interface SqliteCheckpoints extends CheckpointStore {

  /** The connections of the store. */
  SqliteConnections connections();

  @Override
  default @Nullable StoredCheckpoint checkpoint() {
    return connections().read(SqliteCheckpoints::latest).orElse(null);
  }

  /**
   * The checkpoint of a store.
   *
   * @throws UnreadableCheckpointException if it is not as it was written
   */
  static Optional<StoredCheckpoint> latest(SqliteReader reader) throws SQLException {
    List<StoredCheckpoint> found =
        reader.rows(
            "SELECT sequence, clock, head, first, last, checksum FROM checkpoint",
            row -> {
              StoredCheckpoint read =
                  new StoredCheckpoint(
                      row.getLong("sequence"),
                      instant(row.getLong("clock")),
                      row.getString("head"),
                      row.getLong("first"),
                      row.getLong("last"));
              if (checksum(read) != row.getLong("checksum")) {
                throw new UnreadableCheckpointException("its head is not as it was written");
              }
              return read;
            });
    return found.stream().findFirst();
  }

  /** The checksum of all columns. */
  static long checksum(StoredCheckpoint checkpoint) {
    return SqliteRows.checksum(
        (checkpoint.sequence()
                + " "
                + micros(checkpoint.clock())
                + " "
                + checkpoint.first()
                + " "
                + checkpoint.last()
                + " "
                + checkpoint.head())
            .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  default List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit) {
    return connections().read(reader -> pages(reader, afterPlace, lastPlace, limit));
  }

  /**
   * Pages of a store as {@link #checkpointPages} returns them.
   *
   * @throws UnreadableCheckpointException if one is not as it was written
   */
  static List<CheckpointPage> pages(SqliteReader reader, long afterPlace, long lastPlace, int limit)
      throws SQLException {
    return reader.page(
        """
        SELECT place, body, checksum FROM checkpoint_page
        WHERE place > ? AND place <= ? ORDER BY place LIMIT ?\
        """,
        SqliteCheckpoints::page,
        afterPlace,
        lastPlace,
        limit);
  }

  private static CheckpointPage page(ResultSet row) throws SQLException {
    byte[] body = row.getBytes("body");
    long place = row.getLong("place");
    if (body == null || SqliteRows.checksum(body) != row.getLong("checksum")) {
      throw new UnreadableCheckpointException("its page " + place + " is not as it was written");
    }
    return new CheckpointPage(place, StatePage.of(body));
  }

  @Override
  default void save(CheckpointSlice slice) {
    if (!slice.isEmpty()) {
      connections().run(it -> it.save(slice));
    }
  }
}
