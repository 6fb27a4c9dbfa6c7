package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;

/**
 * A fixed number of reading connections, each lent to one thread at a time. One that could not read
 * the file is replaced by a new connection, which has nothing of it in memory.
 */
final class SqliteReaders implements AutoCloseable {

  private final Path file;
  private final int size;
  private final ReaderOpener opener;
  private final BlockingQueue<ReaderSlot> idle;
  private volatile boolean isClosing;

  /** Takes these connections over. */
  SqliteReaders(Path file, List<SqliteReader> readers, ReaderOpener opener) {
    this.file = file;
    this.opener = opener;
    size = readers.size();
    idle = new ArrayBlockingQueue<>(size, true, readers.stream().map(ReaderSlot::new).toList());
  }

  /** A connection; for the thread to which it is lent. */
  private static final class ReaderSlot {
    SqliteReader reader;
    boolean hasFailed;

    ReaderSlot(SqliteReader reader) {
      this.reader = reader;
    }
  }

  /** Reads with a connection of these, once one is free. Fails soon after {@link #close} begins. */
  <T> T read(Query<T> query) {
    return read(query, () -> false);
  }

  /**
   * Reads with a connection of these, once one is free.
   *
   * @param isAbandoned whether nobody waits for the result; asked while the database works, on this
   *     thread. The read then fails
   */
  <T> T read(Query<T> query, BooleanSupplier isAbandoned) {
    ReaderSlot slot = take();
    try {
      if (slot.hasFailed) {
        replace(slot);
      }
      slot.reader.stopWhen(() -> isClosing || isAbandoned.getAsBoolean());
      return query.from(slot.reader);
    } catch (SQLException e) {
      slot.hasFailed |= SqliteFailure.isOfFile(e);
      throw SqliteFailure.of(file, "read from", e);
    } finally {
      idle.add(slot);
    }
  }

  /** The old one is closed last: the file is never without a connection. */
  private void replace(ReaderSlot slot) throws SQLException {
    SqliteReader failed = slot.reader;
    slot.reader = opener.open();
    slot.hasFailed = false;
    failed.close();
  }

  /**
   * Waits also if the thread is interrupted: whoever reads is soon done, and then it shows again.
   */
  private ReaderSlot take() {
    boolean wasInterrupted = false;
    try {
      while (true) {
        try {
          return idle.take();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Stops reads under way, then closes all. Reads that come later fail rather than wait. */
  @Override
  public void close() throws SQLException {
    isClosing = true;
    List<ReaderSlot> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(take());
    }
    try {
      for (ReaderSlot slot : all) {
        slot.reader.close();
      }
    } finally {
      idle.addAll(all);
    }
  }

  /** Opens a connection that reads. */
  interface ReaderOpener {
    SqliteReader open() throws SQLException;
  }

  /** Something to read. */
  interface Query<T> {
    T from(SqliteReader reader) throws SQLException;
  }
}
