package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.micros;

import dev.tocsin.engine.store.JournalEntry.EventEntry;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection that writes, with its statements prepared once. For one thread. Each insert skips
 * what is stored already, so that a commit may be retried; but with another writer, since one that
 * has failed can only be closed, which rolls back what it had begun.
 */
final class SqliteWriter implements AutoCloseable {

  private static final int IDS_AT_ONCE = 100;

  private enum Sql {
    BEGIN("BEGIN IMMEDIATE"),
    COMMIT("COMMIT"),
    KNOWN("SELECT id FROM entry WHERE id IN (?" + ",?".repeat(IDS_AT_ONCE - 1) + ")"),
    INSERT_EVENT(
        """
        INSERT INTO entry
          (sequence, received, kind, id, occurred, name, resource, depth, origin, body)
        VALUES (?, ?, %d, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
        """
            .formatted(EntryCodec.EVENT)),
    INSERT_ENTRY(
        """
        INSERT INTO entry (sequence, received, kind, subject, body)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
        """),
    ENTRY("SELECT received, kind, subject, id, body FROM entry WHERE sequence = ?"),
    /** Repairs a damaged one: a fingerprint has one body. */
    INSERT_DEFINITION(
        """
        INSERT INTO definition (fingerprint, body) VALUES (?, ?)
        ON CONFLICT DO UPDATE SET body = excluded.body WHERE body <> excluded.body\
        """),
    INSERT_FIRING(
        """
        INSERT INTO firing (id, sequence, automation, state, triggered, event, body)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
        """),
    INSERT_INVOCATION(
        """
        INSERT INTO invocation (id, firing, definition, action, destination, event)
        VALUES (?1, ?2, ?3, ?4, ?5, (SELECT event FROM firing WHERE id = ?2))
        ON CONFLICT DO NOTHING\
        """),
    FINISH_INVOCATION(
        """
        UPDATE invocation SET outcome = ?, finished = ?, result = ?
        WHERE id = ? AND outcome IS NULL\
        """),
    /** Feedback that became an entry meanwhile must not come back. */
    INSERT_FEEDBACK(
        """
        INSERT INTO feedback (id, depth, origin, body)
        SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = ?1)
        ON CONFLICT DO NOTHING\
        """),
    DELETE_FEEDBACK("DELETE FROM feedback WHERE position = ?"),
    INSERT_PAGE("INSERT OR REPLACE INTO checkpoint_page (place, body, checksum) VALUES (?, ?, ?)"),
    DELETE_PAGES("DELETE FROM checkpoint_page WHERE place >= ? AND place < ?"),
    REPLACE_CHECKPOINT(
        """
        INSERT OR REPLACE INTO checkpoint (only, sequence, clock, head, first, last, checksum)
        VALUES (1, ?, ?, ?, ?, ?, ?)\
        """);

    final String text;

    Sql(String text) {
      this.text = text;
    }
  }

  private final Path file;
  private final Connection connection;
  private final Map<Sql, PreparedStatement> statements = new EnumMap<>(Sql.class);
  private final SqliteSegments segments;
  private final SqliteRetention retention;

  SqliteWriter(Path file, Connection connection, SqliteSegments.SegmentBounds bounds)
      throws SQLException {
    this.file = file;
    this.connection = connection;
    segments = new SqliteSegments(connection, bounds);
    retention = new SqliteRetention(connection, segments);
    for (Sql sql : Sql.values()) {
      statements.put(sql, connection.prepareStatement(sql.text));
    }
  }

  Set<String> known(Collection<String> ids) {
    Set<String> found = new HashSet<>();
    List<String> asked = new ArrayList<>(ids);
    try {
      for (int from = 0; from < asked.size(); from += IDS_AT_ONCE) {
        Object[] some = new Object[IDS_AT_ONCE];
        for (int i = 0; i < IDS_AT_ONCE && from + i < asked.size(); i++) {
          some[i] = asked.get(from + i);
        }
        try (ResultSet rows = prepared(Sql.KNOWN, some).executeQuery()) {
          while (rows.next()) {
            found.add(rows.getString(1));
          }
        }
      }
      return found;
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "read from", e);
    }
  }

  void commit(Commit commit, CheckpointSlice slice) {
    inTransaction(
        () -> {
          write(slice);
          for (StoredDefinition definition : commit.definitions()) {
            update(Sql.INSERT_DEFINITION, definition.fingerprint(), definition.body());
          }
          SqliteSegments.Growth growth = new SqliteSegments.Growth();
          for (JournalEntry entry : commit.entries()) {
            long bytes = entry instanceof EventEntry event ? insert(event) : insert(entry);
            if (bytes >= 0) {
              growth.add(entry, bytes);
            }
          }
          segments.sealBefore(growth);
          for (StoredFiring firing : commit.firings()) {
            insert(firing);
          }
          for (StoredInvocation invocation : commit.invocations()) {
            insert(invocation);
          }
          for (InvocationResult result : commit.results()) {
            update(
                Sql.FINISH_INVOCATION,
                result.outcome(),
                micros(result.finished()),
                result.body(),
                result.invocation());
          }
          for (EncodedEvent event : commit.feedback()) {
            insertFeedback(event);
          }
          for (long position : commit.feedbackTaken()) {
            update(Sql.DELETE_FEEDBACK, position);
          }
          segments.grow(growth);
        });
  }

  /** A bounded step towards what a retention asks for. */
  RetentionStep drop(RetentionLimits limits, Instant now, int maxRows) {
    List<RetentionStep> dropped = new ArrayList<>();
    inTransaction(() -> dropped.add(retention.step(limits, now, maxRows)));
    return dropped.getFirst();
  }

  /** Moves rows that cannot be read to the table of those. */
  void setAside(List<UnreadableRow> rows) {
    inTransaction(
        () -> {
          for (UnreadableRow row : rows) {
            SqliteRepair.setAside(connection, row);
          }
        });
  }

  void save(CheckpointSlice slice) {
    inTransaction(() -> write(slice));
  }

  /** Copies the content of the log into the database. */
  void copyLog() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(FULL)");
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "write to", e);
    }
  }

  private void write(CheckpointSlice slice) throws SQLException {
    for (CheckpointPage page : slice.pages()) {
      byte[] bytes = page.page().bytes();
      update(Sql.INSERT_PAGE, page.place(), bytes, SqliteRows.checksum(bytes));
    }
    if (slice.discardFrom() < slice.discardTo()) {
      update(Sql.DELETE_PAGES, slice.discardFrom(), slice.discardTo());
    }
    StoredCheckpoint completed = slice.completed();
    if (completed != null) {
      update(
          Sql.REPLACE_CHECKPOINT,
          completed.sequence(),
          micros(completed.clock()),
          completed.head(),
          completed.first(),
          completed.last(),
          SqliteCheckpoints.checksum(completed));
    }
  }

  /** The bytes of its body; -1 if it was stored already. */
  private long insert(EventEntry entry) throws SQLException {
    Event event = entry.event();
    Causation causation = event.causation();
    byte[] body = entry.encoded().body();
    int inserted =
        update(
            Sql.INSERT_EVENT,
            entry.sequence(),
            micros(event.received()),
            event.id(),
            micros(event.occurred()),
            event.name(),
            event.resource().id(),
            causation == null ? null : (Object) causation.depth(),
            causation == null ? null : causation.origin(),
            body);
    if (inserted > 0) {
      return body.length;
    }
    requireSame(
        entry.sequence(),
        "event " + event.id(),
        stored ->
            stored.getInt("kind") == EntryCodec.EVENT && event.id().equals(stored.getString("id")));
    return -1;
  }

  /** The bytes of its body; -1 if it was stored already. */
  private long insert(JournalEntry entry) throws SQLException {
    EntryCodec.Encoded row = EntryCodec.encode(entry);
    long received = micros(entry.received());
    int inserted =
        update(Sql.INSERT_ENTRY, entry.sequence(), received, row.kind(), row.subject(), row.body());
    if (inserted > 0) {
      return row.body().length;
    }
    requireSame(
        entry.sequence(),
        entry.getClass().getSimpleName(),
        stored ->
            stored.getInt("kind") == row.kind()
                && stored.getLong("received") == received
                && Objects.equals(stored.getString("subject"), row.subject())
                && Arrays.equals(stored.getBytes("body"), row.body()));
    return -1;
  }

  /** An entry may be stored already by an earlier try, but never another in its place. */
  private void requireSame(long sequence, String what, SqlTest isSame) throws SQLException {
    try (ResultSet rows = prepared(Sql.ENTRY, sequence).executeQuery()) {
      if (!rows.next() || !isSame.of(rows)) {
        throw new StoreException(
            "Cannot write %s as entry %d to %s: its id or its number is taken by another entry"
                .formatted(what, sequence, file));
      }
    }
  }

  private void insert(StoredFiring firing) throws SQLException {
    update(
        Sql.INSERT_FIRING,
        firing.id(),
        firing.sequence(),
        firing.automation(),
        firing.state(),
        micros(firing.triggered()),
        firing.event(),
        firing.body());
  }

  private void insert(StoredInvocation invocation) throws SQLException {
    update(
        Sql.INSERT_INVOCATION,
        invocation.id(),
        invocation.firing(),
        invocation.definition(),
        invocation.index(),
        invocation.destination());
  }

  private void insertFeedback(EncodedEvent encoded) throws SQLException {
    Event event = encoded.event();
    Causation causation = event.causation();
    update(
        Sql.INSERT_FEEDBACK,
        event.id(),
        causation == null ? null : (Object) causation.depth(),
        causation == null ? null : causation.origin(),
        encoded.body());
  }

  private int update(Sql sql, @Nullable Object... parameters) throws SQLException {
    return prepared(sql, parameters).executeUpdate();
  }

  private PreparedStatement prepared(Sql sql, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = Objects.requireNonNull(statements.get(sql));
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private void inTransaction(SqlWork work) {
    try {
      update(Sql.BEGIN);
      work.run();
      update(Sql.COMMIT);
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "write to", e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Statements of one transaction. */
  private interface SqlWork {
    void run() throws SQLException;
  }

  /** A condition on a row. */
  private interface SqlTest {
    boolean of(ResultSet row) throws SQLException;
  }
}
