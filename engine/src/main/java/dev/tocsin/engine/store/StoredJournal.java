package dev.tocsin.engine.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The journal in a data folder, read beside the daemon that may be writing it. For one thread. */
public final class StoredJournal implements AutoCloseable {

  private final Path file;
  private final SqliteReader reader;
  private final long last;
  private final long droppedAtFirst;

  private StoredJournal(Path file, SqliteReader reader) throws SQLException {
    this.file = file;
    this.reader = reader;
    droppedAtFirst = reader.number(SqliteStore.DROPPED_UP_TO);
    last = reader.number(SqliteStore.LAST_SEQUENCE);
  }

  /**
   * Opens it as it stands now; nothing is changed, and no lock is taken.
   *
   * @throws StoreException where the folder holds no store that this version can read
   */
  public static StoredJournal open(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve(SqliteStore.FILE);
    if (!Files.exists(file)) {
      throw new StoreException("There is no store in " + folder + ": " + file + " does not exist");
    }
    try {
      Connection connection = SqliteStore.connect(file, true);
      try {
        SqliteSchema.check(connection, file);
        return new StoredJournal(file, new SqliteReader(connection));
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "read from", e);
    }
  }

  /** Sequence number of its last entry when it was opened; 0 for none. */
  public long last() {
    return last;
  }

  /**
   * Entries up to {@link #last} with a higher sequence number than this one, at most so many.
   *
   * @throws StoreException also where the daemon's retention has taken away what comes next
   */
  public List<Store.JournalEntry> after(long sequence, int limit) {
    try {
      List<Store.JournalEntry> entries =
          reader.rows(SqliteStore.JOURNAL, SqliteStore::entry, sequence, limit);
      // Asked after: what is dropped from now on is in the entries.
      long dropped = reader.number(SqliteStore.DROPPED_UP_TO);
      if (dropped > Math.max(sequence, droppedAtFirst)) {
        throw new StoreException(
            "Entries up to "
                + dropped
                + " were dropped by retention while the journal in "
                + file
                + " was read. Read it again, or with longer retention");
      }
      return entries.stream().filter(entry -> entry.sequence() <= last).toList();
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "read from", e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "close", e);
    }
  }
}
