package dev.tocsin.engine.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The store in a data folder, only read, beside the daemon that may be writing it; no lock is
 * taken. For one thread.
 */
final class StoredFile implements AutoCloseable {

  private final Path path;
  private final Connection connection;

  private StoredFile(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  /**
   * Opens it.
   *
   * @throws StoreException if the folder has no store that this version can read
   */
  static StoredFile open(Path folder) {
    Path path = folder.toAbsolutePath().normalize().resolve(Stores.FILE);
    if (!Files.exists(path)) {
      throw new StoreException("There is no store in " + folder + ": " + path + " does not exist");
    }
    SqliteLog.check(path);
    try {
      return checked(path, SqliteConnections.connect(path, true));
    } catch (SQLException e) {
      if (SqliteFailure.isUnwritable(e)) {
        return openUnchanging(path, e);
      }
      throw SqliteFailure.of(path, "read from", e);
    }
  }

  /**
   * In a folder that cannot be written, as on a read-only mount, SQLite cannot create the files by
   * which readers and a writer agree. Without a log there is nothing to agree on.
   */
  private static StoredFile openUnchanging(Path path, SQLException failure) {
    if (SqliteLog.isLeft(path)) {
      throw new StoreException(
          "Cannot read from "
              + path
              + ": its folder cannot be written, and its log "
              + SqliteLog.of(path)
              + " is part of the store. Copy both to another folder, and read that");
    }
    try {
      return checked(path, SqliteConnections.connectUnchanging(path));
    } catch (SQLException e) {
      e.addSuppressed(failure);
      throw SqliteFailure.of(path, "read from", e);
    }
  }

  private static StoredFile checked(Path path, Connection connection) throws SQLException {
    try {
      SqliteSchema.check(connection, path);
      return new StoredFile(path, connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Reads with the connection. */
  <T> T read(StoreQuery<T> reading) {
    try {
      return reading.from(connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(path, "read from", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteFailure.of(path, "close", e);
    }
  }

  /** Something to read. */
  interface StoreQuery<T> {
    T from(Connection connection) throws SQLException;
  }
}
