package dev.tocsin.engine.server;

import dev.tocsin.engine.store.EventPage;
import dev.tocsin.engine.store.EventQuery;
import dev.tocsin.engine.store.Journal;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.wire.EventJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JsonGenerator;

/**
 * Queries of stored events. The store blocks, so it is read on schedulers: one for lists, which may
 * scan all events, and one for reads that are bounded. A query that takes too long, or that nobody
 * waits for, is stopped.
 */
final class EventsOut {

  private static final List<String> QUERY =
      List.of("event", "resource", "since", "until", "limit", "cursor");
  private static final List<String> JOURNAL =
      List.of("after", "event", "resource", "since", "until", "limit");

  /** Reads the store for an answer. */
  private interface Reading {
    Answer answer(BooleanSupplier isAbandoned);
  }

  private final Journal journal;
  private final ServerThreads threads;
  private final Duration timeout;
  private final Scheduler timer;

  EventsOut(Journal journal, ServerThreads threads, Duration timeout, Scheduler timer) {
    this.journal = journal;
    this.threads = threads;
    this.timeout = timeout;
    this.timer = timer;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/events", Scope.READ, this::list),
        Route.get("/api/events/{id}", Scope.READ, this::one),
        Route.get("/api/journal", Scope.READ, this::journal));
  }

  /** {@code GET /api/events/{id}}. */
  private Mono<Answer> one(Call call) {
    return read(
        call,
        threads.lookups(),
        _ -> {
          byte[] event = journal.eventJson(call.parameter("id"));
          return event == null ? Answer.exception(404, "Event not found") : Answer.json(200, event);
        });
  }

  /** {@code GET /api/events}: newest first. */
  private Mono<Answer> list(Call call) {
    Parameters parameters = call.query(QUERY);
    EventQuery query = query(parameters, parameters.text("cursor"));
    parameters.check();
    return read(call, threads.lists(), isAbandoned -> page(parameters, query, isAbandoned));
  }

  /**
   * {@code GET /api/journal}: events in the order in which they were accepted, after a position.
   * Without {@code after} it has no events, only the position of the last entry; so a reader that
   * continues from {@code last} each time sees every event once.
   */
  private Mono<Answer> journal(Call call) {
    Parameters parameters = call.query(JOURNAL);
    EventQuery query = query(parameters, null);
    long after = parameters.number("after", 0, Long.MAX_VALUE, -1);
    parameters.check();
    return read(
        call, threads.lookups(), _ -> journal(query, after < 0 ? journal.lastSequence() : after));
  }

  /**
   * Reads on a scheduler, for at most the timeout. The answer's bytes count until it is sent;
   * threads bound those that are being read.
   */
  private Mono<Answer> read(Call call, Scheduler reads, Reading reading) {
    return Mono.defer(
        () -> {
          AtomicBoolean isAbandoned = new AtomicBoolean();
          return Mono.fromCallable(() -> answer(call, reading, isAbandoned::get))
              .subscribeOn(reads)
              .doOnCancel(() -> isAbandoned.set(true))
              .timeout(timeout, Mono.error(() -> new RefusedException(tooSlow())), timer)
              .onErrorMap(
                  RejectedExecutionException.class,
                  full ->
                      new RefusedException(
                          Answer.tooMany("Too many queries at once; retry after 1 s.")));
        });
  }

  private static Answer answer(Call call, Reading reading, BooleanSupplier isAbandoned) {
    try {
      Answer answer = reading.answer(isAbandoned);
      call.held().take(answer.length());
      return answer;
    } catch (StoreException failure) {
      if (isAbandoned.getAsBoolean()) {
        return Answer.stopping(); // Nobody reads it.
      }
      throw failure;
    }
  }

  private Answer tooSlow() {
    return Answer.detail(
            503,
            "The query took longer than "
                + timeout.toMillis()
                + " ms (query_timeout). Narrow it with since and until, or use /api/journal.")
        .with("Retry-After", "10");
  }

  private Answer page(Parameters parameters, EventQuery query, BooleanSupplier isAbandoned) {
    EventPage page;
    try {
      page = journal.events(query, isAbandoned);
    } catch (IllegalArgumentException badCursor) {
      if (query.cursor() == null) {
        throw badCursor;
      }
      parameters.add("cursor", "value_error", "Not the cursor of an earlier page", query.cursor());
      parameters.check();
      throw badCursor;
    }
    return Answer.object(
        200,
        json -> {
          writeEvents(page.events(), json);
          json.writeStringProperty("next", page.next());
          json.writeNumberProperty("total", page.total());
        });
  }

  private Answer journal(EventQuery query, long after) {
    // after=0 starts at the oldest retained entry (retention keeps the latest pauses, declarations
    // and settings).
    long oldest = after == 0 ? journal.droppedUpTo() : 0;
    List<JournalEntry> entries = journal.entries(after, query.limit());
    // Read after the entries: what is dropped from now on is among them.
    long dropped = journal.droppedUpTo();
    if (after > 0 && after < dropped) {
      return Answer.exception(
          410,
          "Retention dropped entries up to %d, some of them after %d. Continue with after=%d"
              .formatted(dropped, after, dropped));
    }
    List<byte[]> events = new ArrayList<>();
    for (JournalEntry entry : entries) {
      if (entry instanceof JournalEntry.EventEntry taken && fits(query, taken.event())) {
        events.add(taken.encoded().json());
      }
    }
    long last = Math.max(oldest, entries.isEmpty() ? after : entries.getLast().sequence());
    return Answer.object(
        200,
        json -> {
          writeEvents(events, json);
          json.writeNumberProperty("last", last);
        });
  }

  private static EventQuery query(Parameters parameters, @Nullable String cursor) {
    return new EventQuery(
        parameters.pattern("event"),
        parameters.pattern("resource"),
        parameters.instant("since"),
        parameters.instant("until"),
        parameters.limit(),
        cursor);
  }

  private static boolean fits(EventQuery query, Event event) {
    return fits(query.event(), event.name())
        && fits(query.resource(), event.resource().id())
        && (query.since() == null || !event.occurred().isBefore(query.since()))
        && (query.until() == null || !event.occurred().isAfter(query.until()));
  }

  private static boolean fits(@Nullable String pattern, String value) {
    return pattern == null || Pattern.of(pattern).matches(value);
  }

  private static void writeEvents(List<byte[]> events, JsonGenerator json) {
    json.writeArrayPropertyStart("events");
    events.forEach(event -> EventJson.write(event, json));
    json.writeEndArray();
  }
}
