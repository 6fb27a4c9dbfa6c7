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
      Connection connection = SqliteConnections.connect(path, true);
      try {
        SqliteSchema.check(connection, path);
        return new StoredFile(path, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(path, "read from", e);
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
