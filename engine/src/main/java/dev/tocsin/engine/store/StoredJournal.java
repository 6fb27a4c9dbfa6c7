package dev.tocsin.engine.store;

import java.util.List;

/**
 * The journal of a store as of one instant, read beside the daemon that may be writing it. Nothing
 * is changed or locked. For one thread.
 */
public interface StoredJournal extends AutoCloseable {

  /** Sequence number of the last entry when it was opened; 0 for none. */
  long last();

  /**
   * Entries up to {@link #last} with a higher sequence number than this one. One that cannot be
   * read is a tick, and is reported by {@link #unreadable}.
   *
   * @param limit maximum number
   * @throws StoreException also if retention has dropped what comes next
   */
  List<JournalEntry> after(long sequence, int limit);

  /** The rows that could not be read so far. */
  UnreadableRows unreadable();

  @Override
  void close();
}
