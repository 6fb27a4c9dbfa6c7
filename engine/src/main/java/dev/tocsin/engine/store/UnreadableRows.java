package dev.tocsin.engine.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows that could not be read, each reported once. Readers leave such a row out and continue:
 * one row never holds back the others. Safe for all threads.
 */
public final class UnreadableRows {

  /** Maximum number of rows that are reported. */
  public static final int MAX_REPORTED = 100;

  /** Maximum number of rows that are counted. */
  private static final int MAX_COUNTED = 10_000;

  private final Set<UnreadableRow> found = new HashSet<>();
  private final List<UnreadableRow> unheard = new ArrayList<>();
  private @Nullable Consumer<UnreadableRow> listener;

  /** None so far. */
  UnreadableRows() {}

  /** From now on this receives the first {@value #MAX_REPORTED} rows, also those found before. */
  public synchronized void listen(Consumer<UnreadableRow> next) {
    listener = next;
    unheard.forEach(next);
    unheard.clear();
  }

  /** The number of rows found; of more than 10,000 only these. */
  public synchronized int count() {
    return found.size();
  }

  /** Adds a row, unless it is known. */
  public synchronized void add(UnreadableRow row) {
    if (found.size() >= MAX_COUNTED || !found.add(row) || found.size() > MAX_REPORTED) {
      return;
    }
    Consumer<UnreadableRow> known = listener;
    if (known == null) {
      unheard.add(row);
    } else {
      known.accept(row);
    }
  }

  /**
   * The value of a row, or null if it cannot be read.
   *
   * @param key the column that identifies it
   */
  <T> @Nullable T read(
      String table, String key, ResultSet row, SqliteReader.RowMapper<@Nullable T> mapper)
      throws SQLException {
    try {
      return mapper.map(row);
    } catch (RuntimeException e) {
      add(of(table, key, row, e));
      return null;
    }
  }

  /** A row that failed to be read. */
  static UnreadableRow of(String table, String key, ResultSet row, RuntimeException failure)
      throws SQLException {
    String message = failure.getMessage();
    return new UnreadableRow(
        table,
        String.valueOf(row.getString(key)),
        message == null ? failure.getClass().getSimpleName() : message);
  }
}
