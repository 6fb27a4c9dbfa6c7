package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BooleanSupplier;

/** A fixed number of reading connections, each lent to one thread at a time. */
final class SqliteReaders implements AutoCloseable {

  private final Path file;
  private final int size;
  private final BlockingQueue<SqliteReader> idle;
  private volatile boolean isClosing;

  /** Takes these connections over. */
  SqliteReaders(Path file, List<SqliteReader> readers) {
    this.file = file;
    size = readers.size();
    idle = new ArrayBlockingQueue<>(size, true, readers);
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
    SqliteReader reader = take();
    try {
      reader.stopWhen(() -> isClosing || isAbandoned.getAsBoolean());
      return query.from(reader);
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "read from", e);
    } finally {
      idle.add(reader);
    }
  }

  /**
   * Waits also if the thread is interrupted: whoever reads is soon done, and then it shows again.
   */
  private SqliteReader take() {
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
    List<SqliteReader> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(take());
    }
    try {
      for (SqliteReader reader : all) {
        reader.close();
      }
    } finally {
      idle.addAll(all);
    }
  }

  /** Something to read. */
  interface Query<T> {
    T from(SqliteReader reader) throws SQLException;
  }
}
