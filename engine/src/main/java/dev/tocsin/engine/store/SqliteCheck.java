package dev.tocsin.engine.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a store as of one instant, also beside the daemon that may be writing it. */
final class SqliteCheck {

  /** SQLite itself reports at most this many. */
  private static final int MAX_FAULTS = 100;

  private static final int PAGE = 1_000;

  private final Connection connection;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> definitions = new HashSet<>();
  private long entries;

  SqliteCheck(Connection connection) {
    this.connection = connection;
  }

  StoreCheck run() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // One snapshot for all of it.
      statement.execute("BEGIN");
      checkPages(statement);
      // Of what is damaged below, nothing above can be said.
      if (faults.isEmpty()) {
        checkReferences(statement);
        new SqliteScan(connection, row -> fault(row.toString())).allButEntries();
        definitions.addAll(definitions(statement));
        checkJournal(segments(statement));
      }
      statement.execute("COMMIT");
    }
    return new StoreCheck(entries, List.copyOf(faults));
  }

  private void checkPages(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(" + MAX_FAULTS + ")")) {
      while (rows.next()) {
        String found = rows.getString(1);
        if (!found.equals("ok")) {
          faults.add("the file is damaged: " + found.strip());
        }
      }
    }
  }

  private void checkReferences(Statement statement) throws SQLException {
    count(
        statement,
        "SELECT COUNT(*) FROM checkpoint WHERE sequence > (" + SqliteEntries.LAST_SEQUENCE + ")",
        "the checkpoint is ahead of the last entry: the end of the journal is missing");
    count(
        statement,
        """
        SELECT COUNT(*) FROM invocation
        WHERE NOT EXISTS (SELECT 1 FROM firing WHERE firing.id = invocation.firing)
          AND (outcome IS NULL OR position >
               (SELECT COALESCE(MAX(position), 0) FROM segment
                WHERE state IN ('dropping', 'dropped')))\
        """,
        "actions refer to a missing firing");
    count(
        statement,
        """
        SELECT COUNT(*) FROM invocation
        WHERE outcome IS NULL AND NOT EXISTS
              (SELECT 1 FROM definition WHERE fingerprint = invocation.definition)\
        """,
        "waiting actions refer to a missing definition of their automation");
    count(
        statement,
        "SELECT COUNT(*) FROM feedback WHERE id IN (SELECT id FROM entry WHERE id IS NOT NULL)",
        "events of the engine are both pending and in the journal");
    count(
        statement,
        """
        SELECT COUNT(*) FROM segment AS later
        WHERE later.last < later.first
           OR later.first <= (SELECT MAX(last) FROM segment WHERE first < later.first)\
        """,
        "segments of the journal overlap");
  }

  private void count(Statement statement, String query, String fault) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      long found = row.next() ? row.getLong(1) : 0;
      if (found > 0) {
        faults.add(fault + " (" + found + ")");
      }
    }
  }

  private static Set<String> definitions(Statement statement) throws SQLException {
    Set<String> fingerprints = new HashSet<>();
    try (ResultSet row = statement.executeQuery("SELECT fingerprint FROM definition")) {
      while (row.next()) {
        fingerprints.add(row.getString(1));
      }
    }
    return fingerprints;
  }

  private record CheckedSegment(long first, long last, long entries) {}

  private static List<CheckedSegment> segments(Statement statement) throws SQLException {
    List<CheckedSegment> segments = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT first, last, entries FROM segment WHERE state IN ('open', 'sealed')"
                + " ORDER BY first")) {
      while (row.next()) {
        segments.add(new CheckedSegment(row.getLong(1), row.getLong(2), row.getLong(3)));
      }
    }
    return segments;
  }

  /** Every entry in order, and whether the segments contain exactly these. */
  private void checkJournal(List<CheckedSegment> segments) throws SQLException {
    long at = 0;
    Instant received = Instant.MIN;
    long[] counts = new long[segments.size()];
    int segment = 0;
    for (List<Row> page = page(at); !page.isEmpty(); page = page(at)) {
      for (Row row : page) {
        entries++;
        at = row.sequence();
        if (row.received().isBefore(received)) {
          fault("entry " + at + " was received earlier than its predecessor");
        }
        received = row.received();
        while (segment < counts.length && segments.get(segment).last() < at) {
          segment++;
        }
        boolean isInside = segment < counts.length && segments.get(segment).first() <= at;
        if (isInside) {
          counts[segment]++;
        } else if (row.isInSegment()) {
          fault("entry " + at + " is in no segment");
        }
      }
    }
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != segments.get(i).entries()) {
        fault(
            "the segment that starts with entry %d records %d entries but has %d"
                .formatted(segments.get(i).first(), segments.get(i).entries(), counts[i]));
      }
    }
  }

  /**
   * An entry as far as it could be read.
   *
   * @param isInSegment whether it must be; one with a subject may outlive its segment
   */
  private record Row(long sequence, Instant received, boolean isInSegment) {}

  private List<Row> page(long after) throws SQLException {
    List<Row> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SqliteEntries.JOURNAL)) {
      statement.setLong(1, after);
      statement.setLong(2, PAGE);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          page.add(row(row));
        }
      }
    }
    return page;
  }

  private Row row(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    Instant received = SqliteRows.instant(row.getLong("received"));
    boolean isKept = row.getString("subject") != null;
    try {
      if (SqliteEntries.entry(row) instanceof JournalEntry.DeclaredEntry declared) {
        checkDefinitions(declared);
      }
    } catch (RuntimeException unreadable) {
      fault(UnreadableRows.of(SqliteScan.ENTRY, "sequence", row, unreadable).toString());
    }
    return new Row(sequence, received, !isKept);
  }

  private void checkDefinitions(JournalEntry.DeclaredEntry declared) {
    for (JournalEntry.DeclaredAutomation automation : declared.automations()) {
      if (!definitions.contains(automation.fingerprint())) {
        fault(
            "entry %d declares the automation %s, whose definition %s is missing"
                .formatted(declared.sequence(), automation.id(), automation.fingerprint()));
      }
    }
  }

  private void fault(String fault) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(fault);
    } else if (faults.size() == MAX_FAULTS) {
      faults.add("and more");
    }
  }
}
