package dev.tocsin.engine.server;

import dev.tocsin.engine.store.Alive;
import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.Commit;
import dev.tocsin.engine.store.EventPage;
import dev.tocsin.engine.store.EventQuery;
import dev.tocsin.engine.store.Journal;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredDefinition;
import dev.tocsin.engine.store.UnreadableRows;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Events in memory, of a store the part that is read over HTTP. */
public final class FakeStore implements Journal {

  private final List<Event> events = new ArrayList<>();
  private boolean away;
  private volatile long droppedUpTo;

  /** Accepts an event. */
  public synchronized void add(Event event) {
    events.add(event);
  }

  /** Entries up to this one are gone. */
  public void dropUpTo(long sequence) {
    droppedUpTo = sequence;
  }

  /** From now on every question fails. */
  public synchronized void away() {
    away = true;
  }

  /** All events, in order of acceptance. */
  public synchronized List<Event> all() {
    return List.copyOf(events);
  }

  @Override
  public synchronized long lastSequence() {
    if (away) {
      throw new StoreException("the disk is gone");
    }
    return events.size();
  }

  @Override
  public @Nullable Event event(String id) {
    if (away) {
      throw new StoreException("the disk is gone");
    }
    return all().stream().filter(event -> event.id().equals(id)).findFirst().orElse(null);
  }

  @Override
  public byte @Nullable [] eventJson(String id) {
    Event event = event(id);
    return event == null ? null : EventJson.write(event);
  }

  @Override
  public Map<String, Event> events(Collection<String> ids) {
    throw new UnsupportedOperationException();
  }

  @Override
  public EventPage events(EventQuery query, BooleanSupplier isAbandoned) {
    String cursor = query.cursor();
    if (cursor != null && !cursor.matches("[0-9]{1,6}")) {
      throw new IllegalArgumentException("not a cursor: " + cursor);
    }
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    String name = query.event();
    List<Event> fitting =
        all().stream()
            .filter(event -> name == null || Pattern.of(name).matches(event.name()))
            .filter(event -> query.since() == null || !event.occurred().isBefore(query.since()))
            .sorted(Comparator.comparing(Event::occurred).reversed())
            .toList();
    int to = Math.min(fitting.size(), from + query.limit());
    return new EventPage(
        fitting.subList(from, to).stream().map(EventJson::write).toList(),
        to < fitting.size() ? Integer.toString(to) : null,
        fitting.size());
  }

  @Override
  public synchronized List<JournalEntry> entries(long afterSequence, int limit) {
    List<JournalEntry> entries = new ArrayList<>();
    for (long i = afterSequence; i < events.size() && entries.size() < limit; i++) {
      entries.add(new JournalEntry.EventEntry(i + 1, EncodedEvent.of(events.get((int) i))));
    }
    return entries;
  }

  @Override
  public Set<String> known(Collection<String> ids) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Alive alive() {
    throw new UnsupportedOperationException();
  }

  @Override
  public UnreadableRows unreadable() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void markAlive(Alive alive) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void commit(Commit commit, CheckpointSlice slice) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<JournalEntry.DeclaredEntry> inForce(long sequence) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable StoredDefinition definition(String fingerprint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, StoredDefinition> definitions(Collection<String> fingerprints) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long droppedUpTo() {
    return droppedUpTo;
  }
}
