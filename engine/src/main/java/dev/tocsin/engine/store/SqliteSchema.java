package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables of {@link SqliteStore}, and their version. */
final class SqliteSchema {

  /** "Tocs": tells our files from other programs' ({@code PRAGMA application_id}). */
  private static final int APPLICATION_ID = 0x546f6373;

  /**
   * Every index is paid for by every event, so there are two beside the journal's own order: one
   * keeps an id from being accepted twice, one lists newest first (SQLite ends it with the sequence
   * number by itself). A name or resource is looked for by a scan along the second. The outbox's
   * index holds only what waits, so that finished work costs its readers nothing. {@code
   * AUTOINCREMENT} keeps a position from being given again once its row is gone.
   */
  private static final String VERSION_1 =
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

  /** When the engine could not see. */
  private static final String BLIND =
      """
      CREATE TABLE blind (
        sequence INTEGER PRIMARY KEY,
        received INTEGER NOT NULL,
        begins INTEGER NOT NULL,
        ends INTEGER NOT NULL,
        cause TEXT NOT NULL
      ) STRICT;
      """;

  /**
   * Segments of the journal, which retention takes away whole. {@code position} is that of the last
   * invocation which the segment's entries set off, so that invocations of a segment lie between
   * two positions. An invocation names its triggering event: those that wait keep it. What was
   * there before is divided by sequence number.
   */
  private static final String SEGMENTS =
      """
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
      CREATE INDEX firing_sequence ON firing (sequence);
      ALTER TABLE invocation ADD COLUMN event TEXT;
      UPDATE invocation SET event = (SELECT event FROM firing WHERE id = invocation.firing)
      WHERE outcome IS NULL;
      CREATE INDEX invocation_waiting_firing ON invocation (firing) WHERE outcome IS NULL;
      CREATE INDEX invocation_waiting_event ON invocation (event) WHERE outcome IS NULL;

      INSERT INTO segment
      SELECT MIN(sequence), MAX(sequence), MIN(received), MAX(received), COUNT(*), SUM(bytes), 0,
             'sealed'
      FROM (SELECT sequence, received, length(body) AS bytes FROM event
            UNION ALL SELECT sequence, received, 0 FROM tick
            UNION ALL SELECT sequence, received, 0 FROM pause)
      GROUP BY sequence / 50000;
      UPDATE segment SET position = latest.position
      FROM (SELECT firing.sequence / 50000 AS place, MAX(invocation.position) AS position
            FROM invocation JOIN firing ON firing.id = invocation.firing GROUP BY place) AS latest
      WHERE latest.place = segment.first / 50000;
      """;

  /**
   * Trigger state in pages of bytes, of which most checkpoints add a few. What version 1 left is
   * read at the next start, whose checkpoint takes its place.
   */
  private static final String CHECKPOINT_PAGES =
      """
      ALTER TABLE checkpoint RENAME TO checkpoint_text;
      ALTER TABLE checkpoint_part RENAME TO checkpoint_part_text;

      CREATE TABLE checkpoint (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        sequence INTEGER NOT NULL,
        clock INTEGER NOT NULL,
        head TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE checkpoint_page (
        place INTEGER PRIMARY KEY,
        body BLOB NOT NULL
      ) STRICT;
      """;

  /**
   * What leads from each version of the tables to the next, from an empty file on. A step that has
   * been released never changes; a new version is a new line. The steps of one version are run
   * together.
   */
  private static final List<List<String>> STEPS =
      List.of(List.of(VERSION_1), List.of(BLIND, SEGMENTS, CHECKPOINT_PAGES));

  /** Grows with every change of the tables. */
  static final int VERSION = STEPS.size();

  private SqliteSchema() {}

  /**
   * Makes the tables of an empty file. Those of another are checked before anything of it is
   * changed, and brought to this version in one transaction.
   *
   * @throws StoreException for another program's file, and for one from a newer version of this
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    prepare(connection, file, VERSION);
  }

  /** The same up to an older version, which a test brings up to date. */
  static void prepare(Connection connection, Path file, int wanted) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean isEmpty = number(statement, "SELECT COUNT(*) FROM sqlite_schema") == 0;
      long version = isEmpty ? 0 : check(statement, file);
      if (isEmpty) {
        // Free pages can go back to the disk; to be said before the first table.
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
      }
      statement.execute("PRAGMA journal_mode = WAL");
      if (version < wanted) {
        statement.executeUpdate("BEGIN IMMEDIATE");
        for (List<String> steps : STEPS.subList((int) version, wanted)) {
          for (String step : steps) {
            statement.executeUpdate(step);
          }
        }
        statement.executeUpdate("PRAGMA application_id = " + APPLICATION_ID);
        statement.executeUpdate("PRAGMA user_version = " + wanted);
        statement.executeUpdate("COMMIT");
      }
    }
  }

  /**
   * Checks a file by a connection that cannot write: one that can writes what lies in the log into
   * the file when it is closed, also if it did nothing.
   *
   * @throws StoreException for another program's file, and for one from a newer version of this
   */
  static void checkUntouched(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (number(statement, "SELECT COUNT(*) FROM sqlite_schema") > 0) {
        var _ = check(statement, file);
      }
    }
  }

  /**
   * Checks a file that is only read.
   *
   * @throws StoreException for another program's file, and for one of another version than this
   */
  static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long version = check(statement, file);
      if (version < VERSION) {
        throw new StoreException(
            file
                + " was written by an older version: its layout is "
                + version
                + ", this version reads "
                + VERSION
                + ". Start 'tocsin run' on it once, which brings it up to date");
      }
    }
  }

  /** The version of a file's tables. */
  private static long check(Statement statement, Path file) throws SQLException {
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
    return version;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
