package dev.tocsin.engine.store;

import dev.tocsin.triggers.DerivedId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of {@link SqliteStore}. A file made with other tables is refused. */
final class SqliteSchema {

  /**
   * "Tocn": distinguishes our files from those of other programs ({@code PRAGMA application_id}).
   */
  private static final int APPLICATION_ID = 0x546f636e;

  /**
   * Number of the layout ({@code PRAGMA user_version}). Until the first release the tables change
   * without a new number and without migration: the hash distinguishes them.
   */
  static final int LAYOUT = 1;

  /**
   * Entries of all kinds share a table; an event fills the columns from {@code id} on, an entry
   * that retention keeps beyond its segment has a {@code subject} (see {@link EntryCodec}).
   *
   * <p>Every index costs every event, so an event is in two beside the order of the journal: one
   * keeps an id from being accepted twice, one lists newest first (SQLite appends the sequence
   * number). Names and resources are found by a scan along the second. The outbox's indexes contain
   * only what is pending, so finished work costs its readers nothing. {@code AUTOINCREMENT} keeps a
   * position from being used again after its row is gone.
   *
   * <p>Retention removes whole segments of the journal. {@code segment.position} is that of the
   * last invocation caused by the segment's entries, so the invocations of a segment are between
   * two positions. An invocation names its triggering event: while it is pending the event is kept.
   *
   * <p>A checkpoint is not JSON that somebody could read to see whether it is whole, and a wrong
   * state would decide wrongly. So its head and its pages have checksums.
   *
   * <p>{@code set_aside} keeps rows that could not be read, for people: their table, what
   * identified them there, and their columns as JSON, bytes as hexadecimal digits.
   */
  private static final String TABLES =
      """
      CREATE TABLE entry (
        sequence INTEGER PRIMARY KEY,
        received INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        subject TEXT,
        id TEXT,
        occurred INTEGER,
        name TEXT,
        resource TEXT,
        depth INTEGER,
        origin TEXT,
        body BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX entry_id ON entry (id) WHERE id IS NOT NULL;
      CREATE INDEX entry_occurred ON entry (occurred) WHERE occurred IS NOT NULL;
      CREATE INDEX entry_subject ON entry (kind, subject) WHERE subject IS NOT NULL;

      CREATE TABLE definition (
        fingerprint TEXT PRIMARY KEY,
        body TEXT NOT NULL
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
      CREATE INDEX firing_sequence ON firing (sequence);

      CREATE TABLE invocation (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        firing TEXT NOT NULL,
        definition TEXT NOT NULL,
        action INTEGER NOT NULL,
        destination TEXT NOT NULL,
        event TEXT,
        outcome TEXT,
        finished INTEGER,
        result TEXT
      ) STRICT;
      CREATE INDEX invocation_waiting ON invocation (destination, position) WHERE outcome IS NULL;
      CREATE INDEX invocation_waiting_firing ON invocation (firing) WHERE outcome IS NULL;
      CREATE INDEX invocation_waiting_event ON invocation (event) WHERE outcome IS NULL;

      CREATE TABLE feedback (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        depth INTEGER,
        origin TEXT,
        body BLOB NOT NULL
      ) STRICT;

      CREATE TABLE segment (
        first INTEGER PRIMARY KEY,
        last INTEGER NOT NULL,
        opened INTEGER NOT NULL,
        closed INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        position INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'sealed', 'dropping', 'dropped'))
      ) STRICT;

      CREATE TABLE checkpoint (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        sequence INTEGER NOT NULL,
        clock INTEGER NOT NULL,
        head TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE checkpoint_page (
        place INTEGER PRIMARY KEY,
        body BLOB NOT NULL,
        checksum INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE set_aside (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        reason TEXT NOT NULL,
        content TEXT NOT NULL
      ) STRICT;

      CREATE TABLE layout (hash TEXT NOT NULL) STRICT;
      """;

  /** Identifies the tables; a file stores that of the tables it was created with. */
  static final String HASH = DerivedId.of("schema", TABLES);

  private SqliteSchema() {}

  /**
   * Creates the tables of an empty file in one transaction; checks those of another.
   *
   * @throws StoreException for a file of another program or with other tables; it is not changed
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isEmpty = isEmpty(statement);
      if (isEmpty) {
        // Lets free pages be returned to the disk; effective only before the first table.
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
      } else {
        check(statement, file);
      }
      statement.execute("PRAGMA journal_mode = WAL");
      if (isEmpty) {
        statement.executeUpdate("BEGIN IMMEDIATE");
        statement.executeUpdate(TABLES);
        statement.executeUpdate("INSERT INTO layout VALUES ('" + HASH + "')");
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + LAYOUT);
        statement.executeUpdate("COMMIT");
      }
    }
  }

  /**
   * Checks a file that may be empty, over a read-only connection: a writable one copies the log
   * into the file when it is closed, even if it wrote nothing.
   *
   * @throws StoreException for a file of another program or with other tables
   */
  static void checkUntouched(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!isEmpty(statement)) {
        check(statement, file);
      }
    }
  }

  /**
   * Checks a file that must be a store.
   *
   * @throws StoreException for a file of another program or with other tables
   */
  static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      check(statement, file);
    }
  }

  private static void check(Statement statement, Path file) throws SQLException {
    if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
      throw new StoreException(
          file + " is not a database of this program. Use another data directory");
    }
    if (number(statement, "PRAGMA user_version") != LAYOUT || !hash(statement).equals(HASH)) {
      throw new StoreException(
          file
              + " was written by another version, with other tables. Nothing was changed. Start"
              + " with another data directory, or export its events with the version that wrote it"
              + " and import them");
    }
  }

  private static boolean isEmpty(Statement statement) throws SQLException {
    return number(statement, "SELECT COUNT(*) FROM sqlite_schema") == 0;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static String hash(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT MAX(hash) FROM layout")) {
      return rows.next() && rows.getString(1) != null ? rows.getString(1) : "";
    }
  }
}
