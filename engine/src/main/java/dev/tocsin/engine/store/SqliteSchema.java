package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of {@link SqliteStore}, and their version. */
final class SqliteSchema {

  /** Grows with every change of the tables. */
  static final int VERSION = 1;

  /** "Tocs": tells our files from other programs' ({@code PRAGMA application_id}). */
  private static final int APPLICATION_ID = 0x546f6373;

  /**
   * Every index is paid for by every event, so there are two beside the journal's own order: one
   * keeps an id from being accepted twice, one lists newest first (SQLite ends it with the sequence
   * number by itself). A name or resource is looked for by a scan along the second. The outbox's
   * index holds only what waits, so that finished work costs its readers nothing. {@code
   * AUTOINCREMENT} keeps a position from being given again once its row is gone.
   */
  private static final String TABLES =
      """
      CREATE TABLE event (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        received INTEGER NOT NULL,
        occurred INTEGER NOT NULL,
        name TEXT NOT NULL,
        resource TEXT NOT NULL,
        depth INTEGER,
        origin TEXT,
        body BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX event_id ON event (id);
      CREATE INDEX event_occurred ON event (occurred);

      CREATE TABLE tick (
        sequence INTEGER PRIMARY KEY,
        received INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE pause (
        sequence INTEGER PRIMARY KEY,
        received INTEGER NOT NULL,
        automation TEXT NOT NULL,
        paused INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE firing (
        id TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        automation TEXT NOT NULL,
        state TEXT NOT NULL,
        triggered INTEGER NOT NULL,
        event TEXT,
        body TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE invocation (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        firing TEXT NOT NULL,
        action INTEGER NOT NULL,
        destination TEXT NOT NULL,
        body TEXT NOT NULL,
        outcome TEXT,
        finished INTEGER,
        result TEXT
      ) STRICT;
      CREATE INDEX invocation_waiting ON invocation (destination, position) WHERE outcome IS NULL;

      CREATE TABLE feedback (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        depth INTEGER,
        origin TEXT,
        body BLOB NOT NULL
      ) STRICT;

      CREATE TABLE checkpoint (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        sequence INTEGER NOT NULL,
        clock INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE checkpoint_part (
        place INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        key TEXT NOT NULL,
        state TEXT NOT NULL
      ) STRICT;
      """;

  private SqliteSchema() {}

  /**
   * Makes the tables of an empty file, and checks those of another before anything of it is
   * changed.
   *
   * @throws StoreException for another program's file, and for one from a newer version of this
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isEmpty = number(statement, "SELECT COUNT(*) FROM sqlite_schema") == 0;
      if (!isEmpty) {
        check(statement, file);
      }
      statement.execute("PRAGMA journal_mode = WAL");
      if (isEmpty) {
        statement.executeUpdate("BEGIN IMMEDIATE");
        statement.executeUpdate(TABLES);
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + VERSION);
        statement.executeUpdate("COMMIT");
      }
    }
  }

  /**
   * Checks a file that is only read.
   *
   * @throws StoreException for another program's file, and for one from a newer version of this
   */
  static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      check(statement, file);
    }
  }

  private static void check(Statement statement, Path file) throws SQLException {
    if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
      throw new StoreException(
          file + " is a database of another program. Name another data folder");
    }
    long version = number(statement, "PRAGMA user_version");
    if (version > VERSION) {
      throw new StoreException(
          file
              + " was written by a newer version: its layout is "
              + version
              + ", this version knows up to "
              + VERSION
              + ". Nothing was changed. Run the newer version, or name another data folder");
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
