package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.micros;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * The segments of the journal: ranges of its sequence numbers, which retention takes away whole.
 * The newest is open and grows with each commit, in the commit's transaction; it is sealed once it
 * has one of its bounds. For one writing connection.
 */
final class SqliteSegments {

  /** The newest segment, while it grows. */
  private static final String OPEN =
      " WHERE first = (SELECT MAX(first) FROM segment) AND state = 'open'";

  private static final String SEAL =
      """
      UPDATE segment SET state = 'sealed', position =
        COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'invocation'), 0)\
      """;

  private final SegmentBounds bounds;
  private final PreparedStatement sealOld;
  private final PreparedStatement sealFull;
  private final PreparedStatement grow;
  private final PreparedStatement open;

  SqliteSegments(Connection connection, SegmentBounds bounds) throws SQLException {
    this.bounds = bounds;
    sealOld = connection.prepareStatement(SEAL + OPEN + " AND opened <= ?");
    sealFull = connection.prepareStatement(SEAL + OPEN + " AND (entries >= ? OR bytes >= ?)");
    grow =
        connection.prepareStatement(
            "UPDATE segment SET last = ?, closed = ?, entries = entries + ?, bytes = bytes + ?"
                + OPEN);
    open =
        connection.prepareStatement(
            """
            INSERT INTO segment (first, last, opened, closed, entries, bytes, position, state)
            VALUES (?, ?, ?, ?, ?, ?, 0, 'open')\
            """);
  }

  /**
   * When a segment is sealed: whichever comes first.
   *
   * @param entries maximum number of entries
   * @param bytes maximum bytes of events
   * @param span maximum time from its first entry to the next
   */
  record SegmentBounds(int entries, long bytes, Duration span) {

    /** Fine enough that what is kept beyond a limit is little, coarse enough to be few. */
    static final SegmentBounds DEFAULT = new SegmentBounds(50_000, 16L << 20, Duration.ofHours(1));
  }

  /** Entries that a commit has added. */
  static final class Growth {

    private long first;
    private long last;
    private long opened;
    private long closed;
    private long entries;
    private long bytes;

    void add(JournalEntry entry, long entryBytes) {
      last = entry.sequence();
      closed = micros(entry.received());
      if (entries++ == 0) {
        first = last;
        opened = closed;
      }
      bytes += entryBytes;
    }
  }

  /** Seals the open segment if these entries come long after its first. Before invocations. */
  void sealBefore(Growth growth) throws SQLException {
    if (growth.entries > 0) {
      sealOld(growth.opened);
    }
  }

  /** Seals the open segment if it is old, also if nothing comes any more. */
  void sealOld(Instant now) throws SQLException {
    sealOld(micros(now));
  }

  private void sealOld(long now) throws SQLException {
    sealOld.setLong(1, now - bounds.span().toNanos() / 1_000);
    sealOld.executeUpdate();
  }

  /** Adds the entries, and seals the segment if it is full. After invocations. */
  void grow(Growth growth) throws SQLException {
    if (growth.entries == 0) {
      return;
    }
    grow.setLong(1, growth.last);
    grow.setLong(2, growth.closed);
    grow.setLong(3, growth.entries);
    grow.setLong(4, growth.bytes);
    if (grow.executeUpdate() == 0) {
      open.setLong(1, growth.first);
      open.setLong(2, growth.last);
      open.setLong(3, growth.opened);
      open.setLong(4, growth.closed);
      open.setLong(5, growth.entries);
      open.setLong(6, growth.bytes);
      open.executeUpdate();
    }
    sealFull.setLong(1, bounds.entries());
    sealFull.setLong(2, bounds.bytes());
    sealFull.executeUpdate();
  }
}
