package dev.tocsin.engine.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How large a database is, by SQLite's own account. */
final class SqliteSize {

  private SqliteSize() {}

  /** Bytes of the pages in use; free pages and the log are not among them. */
  static long bytes(Connection connection) throws SQLException {
    return (pragma(connection, "page_count") - pragma(connection, "freelist_count"))
        * pragma(connection, "page_size");
  }

  /** The number that a pragma returns. */
  static long pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
