package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import dev.tocsin.triggers.Event;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** The journal's entries as rows. */
final class SqliteEntries {

  /** The sequence number of the last entry of the journal, or 0. */
  static final String LAST_SEQUENCE =
      """
      SELECT MAX(COALESCE((SELECT MAX(sequence) FROM entry), 0),
                 COALESCE((SELECT MAX(last) FROM segment), 0))\
      """;

  /** The sequence number up to which entries have been dropped, or 0. */
  static final String DROPPED_UP_TO =
      "SELECT COALESCE(MAX(last), 0) FROM segment WHERE state IN ('dropping', 'dropped')";

  /**
   * Entries of the journal after a sequence number, with a limit; of dropped segments only those
   * with a subject that are left.
   */
  static final String JOURNAL =
      """
      SELECT sequence, received, kind, subject, depth, origin, body FROM entry
      WHERE sequence > ?1 AND (sequence > (%s) OR subject IS NOT NULL)
      ORDER BY sequence LIMIT ?2\
      """
          .formatted(DROPPED_UP_TO);

  /** The latest declaration of each origin up to a sequence number. */
  static final String IN_FORCE =
      """
      SELECT sequence, received, kind, subject, body FROM entry
      WHERE sequence IN (SELECT MAX(sequence) FROM entry
                         WHERE kind = %d AND subject IS NOT NULL AND sequence <= ?
                         GROUP BY subject)
      ORDER BY sequence\
      """
          .formatted(EntryCodec.DECLARED);

  private SqliteEntries() {}

  /**
   * The entry of a row of {@link #JOURNAL}. One that cannot be read is a tick: time passed, and
   * nothing else is known of it.
   */
  static JournalEntry entry(ResultSet row, UnreadableRows unreadable) throws SQLException {
    JournalEntry entry = unreadable.read("entry", "sequence", row, SqliteEntries::entry);
    return entry == null
        ? new JournalEntry.TickEntry(row.getLong("sequence"), received(row))
        : entry;
  }

  /**
   * The same.
   *
   * @throws RuntimeException if it cannot be read
   */
  static JournalEntry entry(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    int kind = row.getInt("kind");
    return kind == EntryCodec.EVENT
        ? new JournalEntry.EventEntry(sequence, SqliteRows.event(row))
        : EntryCodec.decode(
            kind,
            sequence,
            instant(row.getLong("received")),
            row.getString("subject"),
            row.getBytes("body"));
  }

  /** The receipt, or the first possible instant if no event can have it. */
  private static Instant received(ResultSet row) throws SQLException {
    Instant received = instant(row.getLong("received"));
    boolean isPossible =
        !received.isBefore(Event.MIN_OCCURRED) && received.isBefore(Event.END_OF_TIME);
    return isPossible ? received : Event.MIN_OCCURRED;
  }
}
