package dev.tocsin.wire;

import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.PlainDuration;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EventReader.EventRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the events of one JSON input and collects their problems. */
final class EventParser {

  private static final List<String> REQUIRED = List.of("id", "occurred", "event", "resource");

  private static final List<String> FIELDS =
      List.of("id", "occurred", "event", "resource", "related", "payload", "follows");

  /** A longer name is not compared: it cannot resemble one of {@link #FIELDS}. */
  private static final int MAX_MISTYPED_LENGTH = 12;

  private final JsonParser parser;
  private final JsonCursor cursor;
  private final EventRules rules;
  private final Instant now;
  private final Problems problems;
  private String[] labels = new String[32];

  /**
   * @param start index in {@code json} of the parser's byte 0
   */
  EventParser(
      JsonParser parser, byte[] json, int start, EventRules rules, Instant now, Problems problems) {
    this.parser = parser;
    this.cursor = new JsonCursor(parser, json, start, rules.maxDepth(), problems);
    this.rules = rules;
    this.now = now;
    this.problems = problems;
  }

  /** The input as one event; empty if it has a problem. */
  List<Event> one() {
    List<Event> events = new ArrayList<>(1);
    if (cursor.isThere(parser.nextToken())) {
      readOne(events);
      cursor.expectEnd();
    }
    return events;
  }

  /**
   * The input as a list of events, or one event; without those that have a problem.
   *
   * @throws TooManyException if the list has more than {@code max} events
   */
  List<Event> oneOrList(int max) {
    List<Event> events = new ArrayList<>();
    JsonToken first = parser.nextToken();
    if (!cursor.isThere(first)) {
      return events;
    }
    if (first == JsonToken.START_ARRAY) {
      for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
        if (count == max) {
          throw new TooManyException();
        }
        readOne(events);
      }
    } else if (first == JsonToken.START_OBJECT) {
      readOne(events);
    } else {
      cursor.refuseType("list_type", "Input should be a valid list of events, or one event");
    }
    cursor.expectEnd();
    return events;
  }

  private void readOne(List<Event> events) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      cursor.refuseType("dict_type", "Input should be a valid dictionary");
      return;
    }
    Event event = event();
    if (event != null) {
      events.add(event);
    }
  }

  private @Nullable Event event() {
    int problemsBefore = problems.count();
    int from = cursor.tokenStart();
    Draft draft = new Draft();
    DistinctNames names = new DistinctNames();
    for (String name = cursor.nextName(names); name != null; name = cursor.nextName(names)) {
      read(name, draft);
    }
    int to = cursor.position();
    if (to - from > rules.maxBytes()) {
      String rule = "at most " + rules.maxBytes() + " bytes an event";
      cursor.add(Problem.VALUE_ERROR, "Event has " + (to - from) + " bytes", rule, null);
    }
    for (String required : REQUIRED) {
      if (!names.contains(required)) {
        problems.add(
            cursor.here(required),
            Problem.MISSING,
            "Field required",
            null,
            cursor.excerpt(from, to));
      }
    }
    return problems.count() == problemsBefore
        ? draft.event(rules.readReceipt() ? null : now)
        : null;
  }

  private void read(String name, Draft draft) {
    switch (name) {
      case "id" -> draft.id = id();
      case "occurred" -> draft.occurred = occurred();
      case "event" -> draft.name = text(Event.MAX_NAME_LENGTH);
      case "resource" -> draft.resource = resource();
      case "related" -> draft.related = related();
      case "payload" -> draft.payload = payload();
      case "follows" ->
          draft.follows =
              parser.currentToken() == JsonToken.VALUE_NULL ? null : text(Event.MAX_ID_LENGTH);
      case "received" -> {
        if (rules.readReceipt()) {
          draft.received = instant();
        } else {
          cursor.skip(1);
        }
      }
      default -> {
        warnIfMistyped(name);
        cursor.skip(1);
      }
    }
  }

  /** Unknown fields are ignored; one that resembles a known one is probably a mistake. */
  private void warnIfMistyped(String name) {
    if (rules.readReceipt() || name.length() > MAX_MISTYPED_LENGTH) {
      return;
    }
    String suggestion = Suggestion.of(name, FIELDS);
    if (!suggestion.isEmpty()) {
      problems.warn(cursor.here(), "unknown_field", "Unknown field, ignored" + suggestion);
    }
  }

  /**
   * Own events of the engine are recognised by their derived ids: an event of a sender with such an
   * id, sent first, would take the place of the engine's record of a firing or a failure.
   */
  private @Nullable String id() {
    String id = text(Event.MAX_ID_LENGTH);
    if (id != null && !rules.readReceipt() && DerivedId.isDerived(id)) {
      cursor.add(
          Problem.VALUE_ERROR,
          "Id has the form that is reserved for events of the engine",
          "any id except a UUID of version 8",
          id);
      return null;
    }
    return id;
  }

  private @Nullable String text(int max) {
    String text = cursor.string();
    if (text == null) {
      return null;
    }
    if (text.isEmpty()) {
      cursor.add("string_too_short", "String should have at least 1 character", null, text);
    } else if (text.length() > max && text.codePointCount(0, text.length()) > max) {
      int length = text.codePointCount(0, text.length());
      String message = "String should have at most " + max + " characters";
      cursor.add("string_too_long", message, "has " + length, text);
    } else if (!CodePoints.areSound(text)) {
      cursor.refuseUnsound(cursor.here(), text);
    } else {
      return text;
    }
    return null;
  }

  private @Nullable Instant occurred() {
    Instant occurred = instant();
    Duration max = rules.maxFuture();
    if (occurred != null && max != null && occurred.isAfter(now.plus(max))) {
      String message =
          "Lies more than "
              + PlainDuration.of(max)
              + " ahead of the clock here, which shows "
              + now;
      cursor.add(
          Problem.VALUE_ERROR, message, "at most max_future ahead of receipt", parser.getString());
      return null;
    }
    return occurred;
  }

  private @Nullable Instant instant() {
    String text = cursor.string();
    if (text == null) {
      return null;
    }
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException e) {
      cursor.add(Problem.VALUE_ERROR, "Not a time: " + e.getMessage(), Rfc3339.RULE, text);
      return null;
    }
  }

  private @Nullable Resource resource() {
    Labels read = labels(Resource.ID);
    return read == null ? null : new Resource(read);
  }

  private List<RelatedResource> related() {
    List<RelatedResource> related = new ArrayList<>();
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      cursor.refuseType("list_type", "Input should be a valid list");
      return related;
    }
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      count++;
      if (count > rules.maxRelated()) {
        cursor.skip(1);
        continue;
      }
      Labels read = labels(Resource.ID, RelatedResource.ROLE);
      if (read != null) {
        related.add(new RelatedResource(read));
      }
    }
    if (count > rules.maxRelated()) {
      String rule = "at most " + rules.maxRelated() + " related resources an event";
      cursor.add(Problem.VALUE_ERROR, "Event has " + count + " related resources", rule, null);
    }
    return related;
  }

  private @Nullable Labels labels(String... required) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      cursor.refuseType("dict_type", "Input should be a valid dictionary");
      return null;
    }
    int problemsBefore = problems.count();
    int from = cursor.tokenStart();
    DistinctNames names = new DistinctNames();
    int count = 0;
    for (String name = cursor.nextName(names); name != null; name = cursor.nextName(names)) {
      String value = cursor.string();
      if (value != null && count < rules.maxLabels()) {
        keepLabel(count, name, value);
      }
      count++;
    }
    if (count > rules.maxLabels()) {
      String rule = "at most " + rules.maxLabels() + " labels a resource";
      cursor.add(Problem.VALUE_ERROR, "Resource has " + count + " labels", rule, null);
    }
    int to = cursor.position();
    for (String name : required) {
      if (!names.contains(name)) {
        problems.add(
            cursor.here(name), Problem.MISSING, "Field required", null, cursor.excerpt(from, to));
      }
    }
    return problems.count() == problemsBefore ? sound(count, required) : null;
  }

  private void keepLabel(int index, String name, String value) {
    if (labels.length == 2 * index) {
      labels = Arrays.copyOf(labels, 4 * index);
    }
    labels[2 * index] = name;
    labels[2 * index + 1] = value;
  }

  private @Nullable Labels sound(int count, String[] required) {
    Labels all;
    try {
      all = Labels.of(Arrays.copyOf(labels, 2 * count));
    } catch (IllegalArgumentException e) {
      refuseUnsoundLabels(count, e);
      return null;
    }
    boolean isComplete = true;
    for (String name : required) {
      if ("".equals(all.get(name))) {
        problems.add(
            cursor.here(name),
            "string_too_short",
            "String should have at least 1 character",
            null,
            "");
        isComplete = false;
      }
    }
    return isComplete ? all : null;
  }

  private void refuseUnsoundLabels(int count, IllegalArgumentException found) {
    int problemsBefore = problems.count();
    for (int i = 0; i < 2 * count; i++) {
      if (!CodePoints.areSound(labels[i])) {
        cursor.refuseUnsound(cursor.here(labels[i - i % 2]), labels[i]);
      }
    }
    if (problems.count() == problemsBefore) {
      throw found;
    }
  }

  private Payload payload() {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return Payload.EMPTY;
    }
    if (token != JsonToken.START_OBJECT) {
      cursor.refuseType("dict_type", "Input should be a valid dictionary");
      return Payload.EMPTY;
    }
    int from = cursor.tokenStart();
    cursor.skip(1);
    int to = cursor.position();
    return to - from == 2 ? Payload.EMPTY : Payload.ofJson(cursor.onOneLine(from, to));
  }

  /** Ends the reading: the list has too many events. */
  static final class TooManyException extends RuntimeException {
    TooManyException() {
      super("too many events", null, false, false);
    }
  }

  /** The fields of an event that were read so far. */
  private static final class Draft {

    private @Nullable String id;
    private @Nullable Instant occurred;
    private @Nullable String name;
    private @Nullable Resource resource;
    private List<RelatedResource> related = List.of();
    private Payload payload = Payload.EMPTY;
    private @Nullable String follows;
    private @Nullable Instant received;

    /**
     * The event; its required fields were read.
     *
     * @param receipt when it was received, or null for its own {@code received}
     */
    Event event(@Nullable Instant receipt) {
      if (id == null || occurred == null || name == null || resource == null) {
        throw new IllegalStateException("an event without a required field has no problem");
      }
      Instant recorded = received == null ? occurred : received;
      return new Event(
          id,
          occurred,
          name,
          resource,
          related,
          payload,
          follows,
          receipt == null ? recorded : receipt,
          null);
    }
  }
}
