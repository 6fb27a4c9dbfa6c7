package dev.tocsin.benchmarks.daemon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * Reads what a restart must read, and does nothing with it: all values of all rows of the
 * checkpoint, and of the journal after it. Argument: the file. Prints a {@link Total}.
 */
public final class PlainRead {

  private final Statement statement;
  private long rows;
  private long bytes;

  private PlainRead(Statement statement) {
    this.statement = statement;
  }

  /**
   * What was read.
   *
   * @param checkpoint rows of it
   * @param journal entries after it
   * @param last sequence number of the last entry
   * @param bytes of all values, a number counting as 8
   */
  record Total(long checkpoint, long journal, long last, long bytes) {

    /** Reads what {@link #main} printed. */
    static Total of(String line) {
      String[] numbers = line.strip().split(" ", -1);
      return new Total(
          Long.parseLong(numbers[0]),
          Long.parseLong(numbers[1]),
          Long.parseLong(numbers[2]),
          Long.parseLong(numbers[3]));
    }

    @Override
    public String toString() {
      return checkpoint + " " + journal + " " + last + " " + bytes;
    }
  }

  /** Reads and prints. */
  public static void main(String[] args) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + Path.of(args[0]));
        Statement statement = connection.createStatement()) {
      System.out.println(new PlainRead(statement).read());
    }
  }

  private Total read() throws SQLException {
    List<String> tables = tables();
    for (String table : tables) {
      if (table.startsWith("checkpoint")) {
        add("SELECT * FROM " + table);
      }
    }
    long checkpoint = rows;
    long after = number("SELECT sequence FROM checkpoint");
    add("SELECT * FROM entry WHERE sequence > " + after);
    long last = Math.max(after, number("SELECT MAX(sequence) FROM entry"));
    return new Total(checkpoint, rows - checkpoint, last, bytes);
  }

  private List<String> tables() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet names =
        statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      while (names.next()) {
        tables.add(names.getString(1));
      }
    }
    return tables;
  }

  private long number(String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.getLong(1);
    }
  }

  private void add(String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        rows++;
        for (int i = 1; i <= columns; i++) {
          bytes += size(row.getObject(i));
        }
      }
    }
  }

  private static long size(Object value) {
    return switch (value) {
      case null -> 0;
      case byte[] blob -> blob.length;
      case String text -> text.getBytes(StandardCharsets.UTF_8).length;
      default -> Long.BYTES;
    };
  }
}
