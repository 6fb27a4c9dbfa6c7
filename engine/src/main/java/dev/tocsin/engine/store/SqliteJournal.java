package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The journal in a SQLite database. */
interface SqliteJournal extends Journal {

  /** The connections of the store. */
  SqliteConnections connections();

  @Override
  default long lastSequence() {
    return connections().read(reader -> reader.number(SqliteEntries.LAST_SEQUENCE));
  }

  @Override
  default Set<String> known(Collection<String> ids) {
    return connections().write(it -> it.known(ids));
  }

  @Override
  default void commit(Commit commit, CheckpointSlice slice) {
    if (!commit.isEmpty() || !slice.isEmpty()) {
      connections().run(it -> it.commit(commit, slice));
    }
  }

  @Override
  default @Nullable Event event(String id) {
    EncodedEvent found =
        connections()
            .first(
                "SELECT sequence, received, depth, origin, body FROM entry WHERE id = ?",
                this::readableEvent,
                id);
    return found == null ? null : found.event();
  }

  @Override
  default byte @Nullable [] eventJson(String id) {
    return connections()
        .first(
            "SELECT sequence, received, depth, origin, body FROM entry WHERE id = ?",
            row -> unreadable().read("entry", "sequence", row, SqliteRows::eventJson),
            id);
  }

  @Override
  default Map<String, Event> events(Collection<String> ids) {
    return connections()
        .byKey(
            "SELECT sequence, received, depth, origin, body FROM entry WHERE id",
            ids,
            row -> {
              EncodedEvent found = readableEvent(row);
              return found == null ? null : found.event();
            },
            Event::id);
  }

  private @Nullable EncodedEvent readableEvent(ResultSet row) throws SQLException {
    return unreadable().read("entry", "sequence", row, SqliteRows::event);
  }

  @Override
  default EventPage events(EventQuery query, BooleanSupplier isAbandoned) {
    String cursor = query.cursor();
    EventCursor from = cursor == null ? null : EventCursor.of(cursor);
    return connections().readList(reader -> reader.events(query, from, unreadable()), isAbandoned);
  }

  @Override
  default List<JournalEntry> entries(long afterSequence, int limit) {
    return connections()
        .page(
            SqliteEntries.JOURNAL,
            row -> SqliteEntries.entry(row, unreadable()),
            afterSequence,
            limit);
  }

  @Override
  default List<JournalEntry.DeclaredEntry> inForce(long sequence) {
    return connections()
        .rows(SqliteEntries.IN_FORCE, row -> SqliteEntries.entry(row, unreadable()), sequence)
        .stream()
        .filter(JournalEntry.DeclaredEntry.class::isInstance)
        .map(JournalEntry.DeclaredEntry.class::cast)
        .toList();
  }

  @Override
  default @Nullable StoredDefinition definition(String fingerprint) {
    return definitions(List.of(fingerprint)).get(fingerprint);
  }

  @Override
  default Map<String, StoredDefinition> definitions(Collection<String> fingerprints) {
    return connections()
        .byKey(
            "SELECT fingerprint, body FROM definition WHERE fingerprint",
            fingerprints,
            row -> new StoredDefinition(row.getString("fingerprint"), row.getString("body")),
            StoredDefinition::fingerprint);
  }

  @Override
  default long droppedUpTo() {
    return connections().read(reader -> reader.number(SqliteEntries.DROPPED_UP_TO));
  }
}
