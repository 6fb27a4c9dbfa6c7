package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.util.List;

/** The journal in a data folder, read beside the daemon that may be writing it. For one thread. */
public final class StoredJournal implements AutoCloseable {

  private final StoredFile file;
  private final SqliteReader reader;
  private final long last;
  private final long droppedAtFirst;

  private StoredJournal(StoredFile file) {
    this.file = file;
    reader = file.read(SqliteReader::new);
    droppedAtFirst = number(SqliteStore.DROPPED_UP_TO);
    last = number(SqliteStore.LAST_SEQUENCE);
  }

  /**
   * Opens it as it stands now; nothing is changed, and no lock is taken.
   *
   * @throws StoreException where the folder holds no store that this version can read
   */
  public static StoredJournal open(Path folder) {
    StoredFile file = StoredFile.open(folder);
    try {
      return new StoredJournal(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
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
  public List<JournalEntry> after(long sequence, int limit) {
    List<JournalEntry> entries =
        file.read(_ -> reader.page(SqliteStore.JOURNAL, SqliteStore::entry, sequence, limit));
    // Asked after: what is dropped from now on is in the entries.
    long dropped = number(SqliteStore.DROPPED_UP_TO);
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
