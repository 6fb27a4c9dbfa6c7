package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.util.List;

/** The journal in a SQLite database. */
final class SqliteStoredJournal implements StoredJournal {

  private final StoredFile file;
  private final SqliteReader reader;
  private final UnreadableRows unreadable = new UnreadableRows();
  private final long last;
  private final long droppedAtFirst;

  private SqliteStoredJournal(StoredFile file) {
    this.file = file;
    reader = file.read(SqliteReader::new);
    droppedAtFirst = number(SqliteEntries.DROPPED_UP_TO);
    last = number(SqliteEntries.LAST_SEQUENCE);
  }

  /**
   * Opens it at its current state; changes nothing and locks nothing.
   *
   * @throws StoreException if the folder has no store that this version can read
   */
  static SqliteStoredJournal open(Path folder) {
    StoredFile file = StoredFile.open(folder);
    try {
      return new SqliteStoredJournal(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public UnreadableRows unreadable() {
    return unreadable;
  }

  @Override
  public List<JournalEntry> after(long sequence, int limit) {
    List<JournalEntry> entries =
        file.read(
            _ ->
                reader.page(
                    SqliteEntries.JOURNAL,
                    row -> SqliteEntries.entry(row, unreadable),
                    sequence,
                    limit));
    // Asked after: what is dropped from now on is in the entries.
    long dropped = number(SqliteEntries.DROPPED_UP_TO);
    if (dropped > Math.max(sequence, droppedAtFirst)) {
      throw new StoreException(
          "Entries up to "
              + dropped
              + " were dropped by retention while the journal in "
              + file.path()
              + " was read. Read it again, or keep more");
    }
    return entries.stream().filter(entry -> entry.sequence() <= last).toList();
  }

  private long number(String query) {
    return file.read(_ -> reader.number(query));
  }

  @Override
  public void close() {
    file.close();
  }
}
