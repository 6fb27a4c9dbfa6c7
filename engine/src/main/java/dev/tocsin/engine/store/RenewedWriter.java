package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a store, on a new connection after each failure. SQLite may have ended a
 * transaction by itself, as on a full disk, and the driver gives up a prepared statement that
 * failed; a new connection is in neither doubt, and closing the old one undoes what it had begun.
 */
final class RenewedWriter implements AutoCloseable {

  private final Path file;
  private final WriterOpener opener;
  private @Nullable SqliteWriter writer;
  private boolean isClosed;

  /** Takes the first one over. */
  RenewedWriter(Path file, SqliteWriter first, WriterOpener opener) {
    this.file = file;
    this.opener = opener;
    writer = first;
  }

  /** Runs work without a result, as {@link #write} does. */
  void run(Consumer<SqliteWriter> work) {
    var _ =
        write(
            current -> {
              work.accept(current);
              return true;
            });
  }

  /** Runs work on the writer, on a new connection if the work before failed. */
  synchronized <T> T write(Function<SqliteWriter, T> work) {
    if (isClosed) {
      throw new StoreException("Cannot write to " + file + ": the store is closed");
    }
    SqliteWriter current = opened();
    try {
      return work.apply(current);
    } catch (RuntimeException | Error failure) {
      writer = null;
      close(current, failure);
      throw failure;
    }
  }

  private SqliteWriter opened() {
    SqliteWriter current = writer;
    if (current == null) {
      try {
        current = opener.open();
      } catch (SQLException e) {
        throw SqliteFailure.of(file, "write to", e);
      }
      writer = current;
    }
    return current;
  }

  private static void close(SqliteWriter failed, Throwable failure) {
    try {
      failed.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  /** Waits for what is being written. Whoever comes later is refused. */
  @Override
  public synchronized void close() throws SQLException {
    isClosed = true;
    if (writer != null) {
      writer.close();
    }
  }

  /** Opens a connection that writes. */
  interface WriterOpener {
    SqliteWriter open() throws SQLException;
  }
}
