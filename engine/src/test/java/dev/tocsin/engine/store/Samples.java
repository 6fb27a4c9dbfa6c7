package dev.tocsin.engine.store;

import dev.tocsin.engine.store.JournalEntry.DeclaredAutomation;
import dev.tocsin.engine.store.JournalEntry.DeclaredEntry;
import dev.tocsin.engine.store.JournalEntry.EventEntry;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventReader;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small things to store. */
final class Samples {

  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private Samples() {}

  static Event event(String id, Instant occurred, String name, String resource) {
    return new Event(
        id,
        occurred,
        name,
        Resource.of(Resource.ID, resource, "städte", "Köln 😀"),
        List.of(RelatedResource.of(Resource.ID, "c", RelatedResource.ROLE, "customer")),
        Payload.ofJson("{\"a\": [1, 2.50, null]}"),
        "before",
        NOON,
        null);
  }

  static Event event(String id) {
    return event(id, NOON, "acme.order.shipped", "order." + id);
  }

  /** An event from the JSON in which it is served. */
  static Event read(byte[] json) {
    return switch (EventReader.recorded().read(json, 0, json.length, NOON)) {
      case EventReader.Result.ValidEvent it -> it.event();
      case EventReader.Result.InvalidEvent it -> throw new AssertionError(it.problems());
    };
  }

  static Event own(String id, int depth) {
    return new Event(
        id,
        NOON,
        "prefect-cloud.automation.triggered",
        Resource.of(Resource.ID, "prefect-cloud.automation.a"),
        List.of(),
        Payload.EMPTY,
        null,
        NOON,
        new Causation(depth, "origin-of-" + id));
  }

  /** Entries from a sequence number on, one for each event. */
  static List<JournalEntry> entries(long first, Event... events) {
    return IntStream.range(0, events.length)
        .mapToObj(i -> (JournalEntry) new EventEntry(first + i, EncodedEvent.of(events[i])))
        .toList();
  }

  /** A declaration of automations whose fingerprints are their ids in capitals. */
  static DeclaredEntry declared(long sequence, String origin, String... automations) {
    return new DeclaredEntry(
        sequence,
        NOON,
        origin,
        Stream.of(automations)
            .map(id -> new DeclaredAutomation(id, id.toUpperCase(Locale.ROOT)))
            .toList(),
        "a test");
  }

  static Commit accepted(long first, Event... events) {
    return Commit.ofEntries(entries(first, events));
  }

  public static StoredFiring firing(String id, long sequence) {
    return new StoredFiring(id, sequence, "automation", "triggered", NOON, "e1", "{\"f\":1}");
  }

  static StoredInvocation invocation(String id, String destination) {
    return new StoredInvocation(0, id, "f1", "d1", 3, destination);
  }

  static Commit invoked(StoredInvocation... invocations) {
    return new Commit(
        List.of(), List.of(), List.of(), List.of(invocations), List.of(), List.of(), List.of());
  }

  static Commit finished(String... invocations) {
    List<InvocationResult> results =
        Stream.of(invocations)
            .map(id -> new InvocationResult(id, "executed", NOON, "{\"status\":200}"))
            .toList();
    return new Commit(List.of(), List.of(), List.of(), List.of(), results, List.of(), List.of());
  }

  static Commit fedBack(Event... events) {
    return Commit.ofFeedback(Stream.of(events).map(EncodedEvent::of).toList());
  }
}
