package dev.tocsin.wire;

import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads events from JSON. The header fields are read. The payload must be one well-formed JSON
 * object and is kept as the bytes that came; line breaks between its tokens become spaces, so that
 * an event always fits on a line. No tree is built.
 *
 * <p>Input is UTF-8; a byte order mark is skipped (RFC 8259). A duplicate key is refused in every
 * object, since JSON readers differ in which of the two values they use. Unknown fields of an event
 * are ignored; one that resembles a known one causes a warning. Thread-safe.
 */
public final class EventReader {

  /** Maximum nesting of arrays and objects in the payload of a sent event. */
  public static final int MAX_DEPTH = 250;

  /**
   * Maximum nesting of arrays and objects in the payload of any event. Events of the engine contain
   * the events that caused them, so they are deeper than sent ones.
   */
  public static final int MAX_RECORDED_DEPTH = 480;

  /** For JSON of strangers: names and numbers have limits too. */
  private static final JsonFactory SENT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(2 * MAX_DEPTH).build())
          .build();

  /** Parts of the parser's messages that concern only its user, not the sender of an event. */
  private static final Pattern PARSERS_OWN =
      Pattern.compile(
          ", from `[^`]*`"
              + "|: enable `[^`]*` to allow"
              + "| \\(not recognized as one since Feature [^)]*\\)"
              + "|( \\(for (Array|Object) starting at )?\\[Source: [^\\]]*\\]\\)?");

  private final EventRules rules;

  private EventReader(EventRules rules) {
    this.rules = rules;
  }

  /**
   * A reader of sent events: the limits apply, and an id must not be in the form of {@link
   * DerivedId}; {@code received} is ignored and becomes the instant passed to the reading.
   */
  public static EventReader overNetwork(EventLimits limits) {
    return new EventReader(
        new EventRules(
            SENT,
            limits.maxLabels(),
            limits.maxRelated(),
            limits.maxBytes(),
            MAX_DEPTH,
            limits.maxFuture()));
  }

  /**
   * A reader of events whose {@code received} is known, as in a test: the limits apply, except
   * {@code max_future}; {@code received} is read and is {@code occurred} if absent.
   */
  public static EventReader withReceipt(EventLimits limits) {
    return new EventReader(
        new EventRules(
            SENT, limits.maxLabels(), limits.maxRelated(), limits.maxBytes(), MAX_DEPTH, null));
  }

  /**
   * A reader of recorded events: {@code received} is read and is {@code occurred} if absent. Of the
   * limits only {@link #MAX_RECORDED_DEPTH} applies: it reads every event that was stored.
   */
  public static EventReader recorded() {
    int unlimited = Integer.MAX_VALUE;
    return new EventReader(
        new EventRules(
            StoredJson.FACTORY, unlimited, unlimited, unlimited, MAX_RECORDED_DEPTH, null));
  }

  /**
   * Reads the input as one event.
   *
   * @param now the time of the engine clock, for {@code received} and {@code max_future}
   */
  public Result read(byte[] json, int offset, int length, Instant now) {
    Problems problems = new Problems();
    List<Event> events = parse(json, offset, length, now, EventParser::one, problems);
    return problems.count() == 0
        ? new Result.ValidEvent(events.getFirst(), problems.warnings())
        : new Result.InvalidEvent(problems.list());
  }

  /**
   * Reads the input as a list of events, or one event: all of them, or none if one has a problem.
   * The reading ends at the first event or problem beyond the maximum.
   *
   * @param max maximum number of events
   */
  public BatchResult readBatch(byte[] body, Instant now, int max) {
    Problems problems = new Problems();
    try {
      List<Event> events =
          parse(body, 0, body.length, now, parser -> parser.oneOrList(max), problems);
      return problems.count() == 0
          ? new BatchResult.ValidEvents(events, problems.warnings())
          : new BatchResult.InvalidEvents(problems.list());
    } catch (EventParser.TooManyException e) {
      return new BatchResult.TooMany(max);
    }
  }

  private List<Event> parse(
      byte[] json,
      int offset,
      int length,
      Instant now,
      Function<EventParser, List<Event>> whole,
      Problems problems) {
    try {
      return parseUntilEnough(json, offset, length, now, whole, problems);
    } catch (Problems.EnoughException e) {
      // The last of the problems says that there are more.
      return List.of();
    }
  }

  private List<Event> parseUntilEnough(
      byte[] json,
      int offset,
      int length,
      Instant now,
      Function<EventParser, List<Event>> whole,
      Problems problems) {
    int start = offset + lengthOfByteOrderMark(json, offset, length);
    int end = offset + length;
    if (!isText(json, start, end, offset, problems)) {
      return List.of();
    }
    try (JsonParser parser =
        rules.json().createParser(ObjectReadContext.empty(), json, start, end - start)) {
      try {
        EventParser events = new EventParser(parser, json, start, rules, now, problems);
        return whole.apply(events);
      } catch (JsonCursor.TooDeepException e) {
        // The problem was added; what follows cannot be read.
        return List.of();
      } catch (JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        refuse(e, at == null ? parser.currentLocation() : at, start - offset, problems);
        return List.of();
      }
    }
  }

  private static void refuse(
      JacksonException e, TokenStreamLocation location, int shift, Problems problems) {
    int at = Math.max(0, (int) location.getByteOffset()) + shift;
    String where =
        "line %d, column %d (byte %d): "
            .formatted(location.getLineNr(), location.getColumnNr(), at);
    problems.add(
        new Place.AtByte(at), Problem.JSON_INVALID, "Not JSON, " + where + reason(e), null, null);
  }

  private static int lengthOfByteOrderMark(byte[] json, int offset, int length) {
    boolean isThere =
        length >= 3
            && json[offset] == (byte) 0xef
            && json[offset + 1] == (byte) 0xbb
            && json[offset + 2] == (byte) 0xbf;
    return isThere ? 3 : 0;
  }

  /** The parser would guess UTF-16 or UTF-32 from a zero in the first four bytes. */
  private static boolean isText(byte[] json, int start, int end, int offset, Problems problems) {
    int fault = Utf8.firstFault(json, start, end);
    for (int i = start; fault < 0 && i < Math.min(start + 4, end); i++) {
      fault = json[i] == 0 ? i : -1;
    }
    if (fault < 0) {
      return true;
    }
    String message =
        "Not UTF-8: byte 0x%02x at byte %d".formatted(json[fault] & 0xff, fault - offset);
    problems.add(
        new Place.AtByte(fault - offset),
        Problem.JSON_INVALID,
        message,
        "JSON is UTF-8 (RFC 8259)",
        null);
    return false;
  }

  private static String reason(JacksonException e) {
    if (e instanceof UnexpectedEndOfInputException) {
      return "it ends too early";
    }
    return Excerpt.of(PARSERS_OWN.matcher(e.getOriginalMessage()).replaceAll(""));
  }

  /** The result of reading one event. */
  public sealed interface Result {

    /**
     * It is valid.
     *
     * @param warnings about ignored fields that resemble known ones
     */
    record ValidEvent(Event event, List<Problem> warnings) implements Result {

      /** Copies. */
      public ValidEvent {
        warnings = List.copyOf(warnings);
      }
    }

    /** It is invalid. At least one problem. */
    record InvalidEvent(List<Problem> problems) implements Result {}
  }

  /** The result of reading several events. */
  public sealed interface BatchResult {

    /**
     * All are valid. May be empty.
     *
     * @param warnings about ignored fields that resemble known ones
     */
    record ValidEvents(List<Event> events, List<Problem> warnings) implements BatchResult {

      /** Copies. */
      public ValidEvents {
        events = List.copyOf(events);
        warnings = List.copyOf(warnings);
      }
    }

    /** Some are invalid. At least one problem. */
    record InvalidEvents(List<Problem> problems) implements BatchResult {}

    /** There are more than {@code max}; the rest was not read. */
    record TooMany(int max) implements BatchResult {}
  }

  /**
   * The limits of a reader.
   *
   * @param json the parser, with its limits
   * @param maxFuture how far {@code occurred} may be ahead of receipt, or null if {@code received}
   *     is read
   */
  record EventRules(
      JsonFactory json,
      int maxLabels,
      int maxRelated,
      int maxBytes,
      int maxDepth,
      @Nullable Duration maxFuture) {

    /** Whether {@code received} is read: then the events are recorded, and not of a sender. */
    boolean readReceipt() {
      return maxFuture == null;
    }
  }
}
