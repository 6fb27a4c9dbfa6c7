package dev.tocsin.engine;

import dev.tocsin.engine.store.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.sqlite.SQLiteConfig;

/** The rows of a data folder's file, read by plain SQL beside the daemon that writes them. */
public final class StoredRows implements AutoCloseable {

  /** How much of what was evaluated has consequences still to come. */
  public static final String UNDONE =
      """
      SELECT (SELECT COUNT(*) FROM invocation WHERE outcome IS NULL)
           + (SELECT COUNT(*) FROM feedback)\
      """;

  private final Connection connection;

  /** Opens the file of a data folder. */
  public StoredRows(Path data) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(5_000);
    connection = config.createConnection("jdbc:sqlite:" + data.resolve(Stores.FILE));
  }

  /** The first column of the rows, which no two may have in common. */
  public Set<String> ids(String query) throws SQLException {
    Set<String> ids = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        if (!ids.add(rows.getString(1))) {
          throw new AssertionError(rows.getString(1) + " is there twice");
        }
      }
    }
    return ids;
  }

  /** The one number that a query gives. */
  public int count(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.getInt(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
