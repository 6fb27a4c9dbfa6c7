package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.micros;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes segments away, the oldest first, a slice of rows at a time, each within a transaction of
 * the caller. A segment is marked first and readers pass it over from then on; so what ends in the
 * midst continues by itself, and nobody reads half of it. Rows that are still needed stay, and are
 * looked at again with the next segment. For one writing connection.
 */
final class SqliteRetention {

  /** Of these the file may keep a sixteenth of its pages free, or 16 MB: they are soon used. */
  private static final long FREE_PAGES_KEPT = 4_096;

  private static final int INCREMENTAL = 2;

  /** What refers to it must be gone, or it stays. In the order in which it goes. */
  private enum DroppedRows {
    /** Their ends are recorded as events; those that wait stay. */
    INVOCATIONS("invocation", "position", "0", "outcome IS NOT NULL"),
    /** Needed for invocations that wait. */
    FIRINGS(
        "firing",
        "sequence",
        "0",
        """
        NOT EXISTS (SELECT 1 FROM invocation
                    WHERE invocation.firing = firing.id AND outcome IS NULL)\
        """),
    /**
     * An event is needed as the triggering event of invocations that wait, the latest entry about a
     * subject for what is in force since.
     */
    ENTRIES(
        "entry",
        "sequence",
        "length(body)",
        """
        CASE
          WHEN id IS NOT NULL THEN
            NOT EXISTS (SELECT 1 FROM invocation
                        WHERE invocation.event = entry.id AND outcome IS NULL)
          WHEN subject IS NOT NULL THEN
            EXISTS (SELECT 1 FROM entry AS later
                    WHERE later.kind = entry.kind AND later.subject = entry.subject
                      AND later.sequence > entry.sequence
                      AND later.sequence <= (SELECT last FROM segment WHERE state = 'dropping'))
          ELSE TRUE
        END\
        """);

    final String slice;
    final String deletion;

    DroppedRows(String table, String order, String bytes, String condition) {
      String range = " FROM %s WHERE %s > ? AND %s <= ?".formatted(table, order, order);
      slice = "SELECT " + order + ", " + bytes + range + " ORDER BY " + order + " LIMIT ?";
      deletion = "DELETE" + range + " AND " + condition;
    }
  }

  /**
   * Definitions that no entry or invocation refers to any more. Those of invocations in segments
   * that are kept were in force there, so a kept entry refers to them. While a declaration cannot
   * be read, none is unused.
   */
  private static final String UNUSED_DEFINITIONS =
      """
      DELETE FROM definition
      WHERE fingerprint NOT IN (
          SELECT automation.value ->> 'fingerprint'
          FROM entry, json_each(
            CASE WHEN json_valid(CAST(body AS TEXT)) THEN CAST(body AS TEXT) ELSE '{}' END,
            '$.automations') AS automation
          WHERE kind = %1$d AND subject IS NOT NULL)
        AND NOT EXISTS (
          SELECT 1 FROM entry
          WHERE kind = %1$d AND subject IS NOT NULL AND NOT json_valid(CAST(body AS TEXT)))
        AND fingerprint NOT IN (
          SELECT definition FROM invocation
          WHERE outcome IS NULL
            AND position <= (SELECT position FROM segment WHERE state = 'dropping'))\
      """
          .formatted(EntryCodec.DECLARED);

  private static final String DECLARATIONS =
      "SELECT COUNT(*) FROM entry WHERE kind = %d AND subject IS NOT NULL"
          .formatted(EntryCodec.DECLARED);

  private final Connection connection;
  private final SqliteSegments segments;

  /* The progress of the current drop; restarted with another connection. */
  private final Deque<DroppedRows> left = new ArrayDeque<>();
  private long at;
  private boolean hasDroppedDeclaration;

  SqliteRetention(Connection connection, SqliteSegments segments) {
    this.connection = connection;
    this.segments = segments;
    begin();
  }

  private void begin() {
    left.clear();
    left.addAll(List.of(DroppedRows.values()));
    at = 0;
    hasDroppedDeclaration = false;
  }

  private record Segment(long first, long last, long position) {}

  /** One step: marks a segment, takes a slice of it, or returns free pages to the disk. */
  RetentionStep step(RetentionLimits wanted, Instant now, int most) throws SQLException {
    Segment dropping = segment("state = 'dropping'");
    if (dropping != null) {
      return slice(dropping, most);
    }
    segments.sealOld(now);
    Segment due = due(wanted, now);
    if (due != null) {
      update("UPDATE segment SET state = 'dropping' WHERE first = ?", due.first());
      begin();
      return new RetentionStep(0, true, false);
    }
    return new RetentionStep(0, giveBack(most), awaitsCheckpoint(wanted, now));
  }

  private @Nullable Segment segment(String condition, Object... parameters) throws SQLException {
    String query =
        "SELECT first, last, position FROM segment WHERE " + condition + " ORDER BY first LIMIT 1";
    try (PreparedStatement statement = prepared(query, parameters);
        ResultSet found = statement.executeQuery()) {
      return found.next()
          ? new Segment(found.getLong(1), found.getLong(2), found.getLong(3))
          : null;
    }
  }

  /**
   * The oldest segment, if it is sealed, too old or too large, and no restart needs it: a
   * checkpoint contains its effect, and no event of it waits for another.
   */
  private @Nullable Segment due(RetentionLimits wanted, Instant now) throws SQLException {
    return due(
        wanted,
        now,
        "EXISTS (SELECT 1 FROM checkpoint WHERE sequence >= last AND clock - ? > closed)");
  }

  /** Whether a segment would be {@link #due} if there were a checkpoint after the last entry. */
  private boolean awaitsCheckpoint(RetentionLimits wanted, Instant now) throws SQLException {
    return due(wanted, now, "(SELECT MAX(closed) FROM segment) - ? > closed") != null;
  }

  /** The oldest segment that is sealed, too old or too much, under a condition on patience. */
  private @Nullable Segment due(RetentionLimits wanted, Instant now, String condition)
      throws SQLException {
    boolean isTooMuch = SqliteSize.bytes(connection) > wanted.bytes();
    long oldest = wanted.age() == null ? Long.MIN_VALUE : micros(now.minus(wanted.age()));
    return segment(
        "state = 'sealed' AND (closed < ? OR ?) AND " + condition,
        oldest,
        isTooMuch,
        wanted.patience().toNanos() / 1_000);
  }

  private RetentionStep slice(Segment segment, int most) throws SQLException {
    for (DroppedRows rows = left.peek(); rows != null; rows = left.peek()) {
      long end = endOfSlice(rows, segment, most);
      if (end > at) {
        long declarations = declarations();
        int deleted = update(rows.deletion, at, end);
        hasDroppedDeclaration |= declarations() < declarations;
        at = end;
        return new RetentionStep(rows == DroppedRows.ENTRIES ? deleted : 0, true, false);
      }
      left.remove();
      at = 0;
    }
    if (hasDroppedDeclaration) {
      update(UNUSED_DEFINITIONS);
    }
    update("DELETE FROM segment WHERE state = 'dropped'");
    update("UPDATE segment SET state = 'dropped' WHERE first = ?", segment.first());
    return new RetentionStep(0, true, false);
  }

  /** The end of the next rows, up to a number and about a page's bytes of them; or 0. */
  private long endOfSlice(DroppedRows rows, Segment segment, int most) throws SQLException {
    long to = rows == DroppedRows.INVOCATIONS ? segment.position() : segment.last();
    long end = 0;
    long bytes = 0;
    try (PreparedStatement statement = prepared(rows.slice, at, to, most);
        ResultSet found = statement.executeQuery()) {
      while (bytes < Store.PAGE_BYTES && found.next()) {
        end = found.getLong(1);
        bytes += found.getLong(2);
      }
    }
    return end;
  }

  /** Gives pages at the end of the file back; says whether there are more. */
  private boolean giveBack(int most) throws SQLException {
    long kept = Math.max(FREE_PAGES_KEPT, SqliteSize.pragma(connection, "page_count") / 16);
    long free = SqliteSize.pragma(connection, "freelist_count");
    if (free <= kept || SqliteSize.pragma(connection, "auto_vacuum") != INCREMENTAL) {
      return false;
    }
    // As an update, which runs to its end: it returns a row without a column for each page.
    try (Statement vacuum = connection.createStatement()) {
      vacuum.executeUpdate("PRAGMA incremental_vacuum(" + Math.min(most, free - kept) + ")");
    }
    return free - most > kept;
  }

  private long declarations() throws SQLException {
    try (PreparedStatement statement = prepared(DECLARATIONS);
        ResultSet found = statement.executeQuery()) {
      return found.getLong(1);
    }
  }

  private int update(String statement, Object... parameters) throws SQLException {
    try (PreparedStatement prepared = prepared(statement, parameters)) {
      return prepared.executeUpdate();
    }
  }

  private PreparedStatement prepared(String text, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
