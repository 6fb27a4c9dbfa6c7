package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.micros;
import static dev.tocsin.engine.store.SqliteRows.setCausation;

import dev.tocsin.engine.store.Store.Checkpoint;
import dev.tocsin.engine.store.Store.CheckpointPage;
import dev.tocsin.engine.store.Store.CheckpointSlice;
import dev.tocsin.engine.store.Store.Commit;
import dev.tocsin.engine.store.Store.InvocationResult;
import dev.tocsin.engine.store.Store.JournalEntry;
import dev.tocsin.engine.store.Store.StoredFiring;
import dev.tocsin.engine.store.Store.StoredInvocation;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EventJson;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A connection that writes, with its statements prepared once. For one thread. Each insert passes
 * over what is there already, so that a commit may be tried again; but with another writer, since
 * one that has failed is only good to be closed, which undoes what it had begun.
 */
final class SqliteWriter implements AutoCloseable {

  private static final int IDS_AT_ONCE = 100;

  private final Path file;
  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement end;
  private final PreparedStatement known;
  private final PreparedStatement insertEvent;
  private final PreparedStatement idAtSequence;
  private final PreparedStatement insertTick;
  private final PreparedStatement insertPause;
  private final PreparedStatement insertBlind;
  private final PreparedStatement insertFiring;
  private final PreparedStatement insertInvocation;
  private final PreparedStatement finishInvocation;
  private final PreparedStatement insertFeedback;
  private final PreparedStatement deleteFeedback;
  private final SqliteSegments segments;
  private final SqliteRetention retention;
  private final PreparedStatement insertPage;
  private final PreparedStatement deletePages;
  private final PreparedStatement replaceCheckpoint;

  SqliteWriter(Path file, Connection connection, SqliteSegments.Bounds bounds) throws SQLException {
    this.file = file;
    this.connection = connection;
    segments = new SqliteSegments(connection, bounds);
    retention = new SqliteRetention(connection, segments);
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    end = connection.prepareStatement("COMMIT");
    known =
        connection.prepareStatement(
            "SELECT id FROM event WHERE id IN (?" + ",?".repeat(IDS_AT_ONCE - 1) + ")");
    insertEvent =
        connection.prepareStatement(
            """
            INSERT INTO event (sequence, id, received, occurred, name, resource, depth, origin, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
            """);
    idAtSequence = connection.prepareStatement("SELECT id FROM event WHERE sequence = ?");
    insertTick =
        connection.prepareStatement(
            "INSERT INTO tick (sequence, received) VALUES (?, ?) ON CONFLICT DO NOTHING");
    insertPause =
        connection.prepareStatement(
            """
            INSERT INTO pause (sequence, received, automation, paused)
            VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING\
            """);
    insertBlind =
        connection.prepareStatement(
            """
            INSERT INTO blind (sequence, received, begins, ends, cause)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
            """);
    insertFiring =
        connection.prepareStatement(
            """
            INSERT INTO firing (id, sequence, automation, state, triggered, event, body)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING\
            """);
    insertInvocation =
        connection.prepareStatement(
            """
            INSERT INTO invocation (id, firing, action, destination, body, event)
            VALUES (?1, ?2, ?3, ?4, ?5, (SELECT event FROM firing WHERE id = ?2))
            ON CONFLICT DO NOTHING\
            """);
    finishInvocation =
        connection.prepareStatement(
            """
            UPDATE invocation SET outcome = ?, finished = ?, result = ?
            WHERE id = ? AND outcome IS NULL\
            """);
    // Feedback that has been taken in meanwhile is an event, and must not come back.
    insertFeedback =
        connection.prepareStatement(
            """
            INSERT INTO feedback (id, depth, origin, body)
            SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?1)
            ON CONFLICT DO NOTHING\
            """);
    deleteFeedback = connection.prepareStatement("DELETE FROM feedback WHERE position = ?");
    insertPage =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO checkpoint_page (place, body) VALUES (?, ?)");
    deletePages =
        connection.prepareStatement("DELETE FROM checkpoint_page WHERE place >= ? AND place < ?");
    replaceCheckpoint =
        connection.prepareStatement(
            """
            INSERT OR REPLACE INTO checkpoint (only, sequence, clock, head, first, last)
            VALUES (1, ?, ?, ?, ?, ?)\
            """);
  }

  Set<String> known(Collection<String> ids) {
    Set<String> found = new HashSet<>();
    List<String> asked = new ArrayList<>(ids);
    try {
      for (int from = 0; from < asked.size(); from += IDS_AT_ONCE) {
        for (int i = 0; i < IDS_AT_ONCE; i++) {
          known.setString(i + 1, from + i < asked.size() ? asked.get(from + i) : null);
        }
        try (ResultSet rows = known.executeQuery()) {
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
          SqliteSegments.Growth growth = new SqliteSegments.Growth();
          for (JournalEntry entry : commit.entries()) {
            long bytes =
                switch (entry) {
                  case JournalEntry.EventEntry it -> insert(it);
                  case JournalEntry.TickEntry it -> insert(it);
                  case JournalEntry.PauseEntry it -> insert(it);
                  case JournalEntry.BlindEntry it -> insert(it);
                };
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
            finish(result);
          }
          for (Event event : commit.feedback()) {
            insertFeedback(event);
          }
          for (long position : commit.feedbackTaken()) {
            deleteFeedback.setLong(1, position);
            deleteFeedback.executeUpdate();
          }
          segments.grow(growth);
        });
  }

  /** A bounded step towards what a retention asks for. */
  Store.Dropped drop(Store.Retention wanted, Instant now, int most) {
    List<Store.Dropped> dropped = new ArrayList<>();
    inTransaction(() -> dropped.add(retention.step(wanted, now, most)));
    return dropped.getFirst();
  }

  void save(CheckpointSlice slice) {
    inTransaction(() -> write(slice));
  }

  private void write(CheckpointSlice slice) throws SQLException {
    for (CheckpointPage page : slice.pages()) {
      insertPage.setLong(1, page.place());
      insertPage.setBytes(2, page.page().bytes());
      insertPage.executeUpdate();
    }
    if (slice.discardFrom() < slice.discardTo()) {
      deletePages.setLong(1, slice.discardFrom());
      deletePages.setLong(2, slice.discardTo());
      deletePages.executeUpdate();
    }
    Checkpoint completed = slice.completed();
    if (completed != null) {
      replaceCheckpoint.setLong(1, completed.sequence());
      replaceCheckpoint.setLong(2, micros(completed.clock()));
      replaceCheckpoint.setString(3, completed.head());
      replaceCheckpoint.setLong(4, completed.first());
      replaceCheckpoint.setLong(5, completed.last());
      replaceCheckpoint.executeUpdate();
    }
  }

  /** The bytes of its body; -1 where it was there already. */
  private long insert(JournalEntry.EventEntry entry) throws SQLException {
    Event event = entry.event();
    byte[] body = EventJson.write(event);
    insertEvent.setLong(1, entry.sequence());
    insertEvent.setString(2, event.id());
    insertEvent.setLong(3, micros(event.received()));
    insertEvent.setLong(4, micros(event.occurred()));
    insertEvent.setString(5, event.name());
    insertEvent.setString(6, event.resource().id());
    setCausation(insertEvent, 7, event.causation());
    insertEvent.setBytes(9, body);
    if (insertEvent.executeUpdate() == 0) {
      requireSame(entry);
      return -1;
    }
    return body.length;
  }

  /** An entry may be there already from an earlier try, but never another in its place. */
  private void requireSame(JournalEntry.EventEntry entry) throws SQLException {
    idAtSequence.setLong(1, entry.sequence());
    try (ResultSet rows = idAtSequence.executeQuery()) {
      String stored = rows.next() ? rows.getString(1) : null;
      if (!entry.event().id().equals(stored)) {
        throw new StoreException(
            "Cannot write event %s as entry %d to %s: its id or its number is taken by another entry"
                .formatted(entry.event().id(), entry.sequence(), file));
      }
    }
  }

  private int insert(JournalEntry.TickEntry entry) throws SQLException {
    insertTick.setLong(1, entry.sequence());
    insertTick.setLong(2, micros(entry.received()));
    return insertTick.executeUpdate() - 1;
  }

  private int insert(JournalEntry.PauseEntry entry) throws SQLException {
    insertPause.setLong(1, entry.sequence());
    insertPause.setLong(2, micros(entry.received()));
    insertPause.setString(3, entry.automation());
    insertPause.setBoolean(4, entry.paused());
    return insertPause.executeUpdate() - 1;
  }

  private int insert(JournalEntry.BlindEntry entry) throws SQLException {
    insertBlind.setLong(1, entry.sequence());
    insertBlind.setLong(2, micros(entry.received()));
    insertBlind.setLong(3, micros(entry.from()));
    insertBlind.setLong(4, micros(entry.until()));
    insertBlind.setString(5, entry.cause());
    return insertBlind.executeUpdate() - 1;
  }

  private void insert(StoredFiring firing) throws SQLException {
    insertFiring.setString(1, firing.id());
    insertFiring.setLong(2, firing.sequence());
    insertFiring.setString(3, firing.automation());
    insertFiring.setString(4, firing.state());
    insertFiring.setLong(5, micros(firing.triggered()));
    insertFiring.setString(6, firing.event());
    insertFiring.setString(7, firing.body());
    insertFiring.executeUpdate();
  }

  private void insert(StoredInvocation invocation) throws SQLException {
    insertInvocation.setString(1, invocation.id());
    insertInvocation.setString(2, invocation.firing());
    insertInvocation.setInt(3, invocation.index());
    insertInvocation.setString(4, invocation.destination());
    insertInvocation.setString(5, invocation.body());
    insertInvocation.executeUpdate();
  }

  private void finish(InvocationResult result) throws SQLException {
    finishInvocation.setString(1, result.outcome());
    finishInvocation.setLong(2, micros(result.finished()));
    finishInvocation.setString(3, result.body());
    finishInvocation.setString(4, result.invocation());
    finishInvocation.executeUpdate();
  }

  private void insertFeedback(Event event) throws SQLException {
    insertFeedback.setString(1, event.id());
    setCausation(insertFeedback, 2, event.causation());
    insertFeedback.setBytes(4, EventJson.write(event));
    insertFeedback.executeUpdate();
  }

  private void inTransaction(SqlWork work) {
    try {
      begin.executeUpdate();
      work.run();
      end.executeUpdate();
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
}
