package dev.tocsin.wire;

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
 * Events from JSON (semantics section 1): the header fields are read, the payload is checked for
 * being one well-formed JSON object and kept as the bytes that came, with line breaks between its
 * tokens made spaces, so that an event always fits a line. Never builds a tree.
 *
 * <p>Input is UTF-8; a byte order mark is passed over (RFC 8259 section 8.1). A key that stands
 * twice in one object is refused wherever it is, since readers differ in which of the two they
 * take. Unknown fields of an event are ignored; one that looks like a mistyped known one is a
 * warning. A reader may be used by several threads.
 */
public final class EventReader {

  /** Most levels of arrays and objects in a payload that comes in over the network. */
  public static final int MAX_DEPTH = 250;

  /** Events of the engine carry the events that caused them, so these are a little deeper. */
  private static final int MAX_RECORDED_DEPTH = 480;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(500).build())
          .build();

  /** What the parser says about itself, which is nothing to the sender of an event. */
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
   * Reads what comes in from outside: limits apply, {@code received} is ignored and becomes the
   * instant given.
   */
  public static EventReader overNetwork(EventLimits limits) {
    return new EventReader(
        new EventRules(
            limits.maxLabels(),
            limits.maxRelated(),
            limits.maxBytes(),
            MAX_DEPTH,
            limits.maxFuture()));
  }

  /**
   * Reads what has been recorded: {@code received} is read, and is {@code occurred} where it is
   * absent. Of the limits only those hold that no setting changes.
   */
  public static EventReader recorded() {
    int unlimited = Integer.MAX_VALUE;
    return new EventReader(
        new EventRules(unlimited, unlimited, unlimited, MAX_RECORDED_DEPTH, null));
  }

  /**
   * Reads one event, which is all of the input.
   *
   * @param now the engine's clock, for {@code received} and for the future that is too far
   */
  public Result read(byte[] json, int offset, int length, Instant now) {
    Problems problems = new Problems();
    List<Event> events = parse(json, offset, length, now, EventParser::one, problems);
    return problems.count() == 0
        ? new Result.Read(events.getFirst(), problems.warnings())
        : new Result.Refused(problems.list());
  }

  /**
   * Reads a list of events, or one event: all of them, or none where one has a problem. Reads no
   * further than to the event that is too many, nor than to the problem that is too many.
   *
   * @param most longest list
   */
  public BatchResult readBatch(byte[] body, Instant now, int most) {
    Problems problems = new Problems();
    try {
      List<Event> events =
          parse(body, 0, body.length, now, parser -> parser.oneOrList(most), problems);
      return problems.count() == 0
          ? new BatchResult.Read(events, problems.warnings())
          : new BatchResult.Refused(problems.list());
    } catch (EventParser.TooManyException e) {
      return new BatchResult.TooMany(most);
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
      // The problems say themselves that there are more.
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
        JSON.createParser(ObjectReadContext.empty(), json, start, end - start)) {
      try {
        EventParser events = new EventParser(parser, json, start, rules, now, problems);
        return whole.apply(events);
      } catch (EventParser.TooDeepException e) {
        // The problem is among the others already; what follows it cannot be read.
        return List.of();
      } catch (JacksonException e) {
        TokenStreamLocation place = e.getLocation();
        refuse(e, place == null ? parser.currentLocation() : place, start - offset, problems);
        return List.of();
      }
    }
  }

  private static void refuse(
      JacksonException e, TokenStreamLocation place, int shift, Problems problems) {
    int at = Math.max(0, (int) place.getByteOffset()) + shift;
    String where =
        "line %d, column %d (byte %d): ".formatted(place.getLineNr(), place.getColumnNr(), at);
    problems.add(
        List.of(at), EventProblem.JSON_INVALID, "Not JSON, " + where + reason(e), null, null);
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
        List.of(fault - offset),
        EventProblem.JSON_INVALID,
        message,
        "JSON is UTF-8 (RFC 8259)",
        null);
    return false;
  }

  private static String reason(JacksonException e) {
    if (e instanceof UnexpectedEndOfInputException) {
      return "it ends too early";
    }
    return Problems.excerpt(PARSERS_OWN.matcher(e.getOriginalMessage()).replaceAll(""));
  }

  /** What became of one event. */
  public sealed interface Result {

    /**
     * It is valid.
     *
     * @param warnings about fields that were ignored and look like mistyped ones
     */
    record Read(Event event, List<EventProblem> warnings) implements Result {

      /** Copies. */
      public Read {
        warnings = List.copyOf(warnings);
      }
    }

    /** It is not; all that is wrong with it, at least one problem. */
    record Refused(List<EventProblem> problems) implements Result {}
  }

  /** What became of several events that belong together. */
  public sealed interface BatchResult {

    /**
     * All are valid. May be empty.
     *
     * @param warnings about fields that were ignored and look like mistyped ones
     */
    record Read(List<Event> events, List<EventProblem> warnings) implements BatchResult {

      /** Copies. */
      public Read {
        events = List.copyOf(events);
        warnings = List.copyOf(warnings);
      }
    }

    /** Some are not; all that is wrong with them, at least one problem. */
    record Refused(List<EventProblem> problems) implements BatchResult {}

    /** There are more than {@code most}; whether the rest is sound nobody has looked. */
    record TooMany(int most) implements BatchResult {}
  }

  /**
   * What a reader holds an event to.
   *
   * @param maxFuture how far {@code occurred} may lie ahead of receipt, or null where receipt is
   *     read
   */
  record EventRules(
      int maxLabels, int maxRelated, int maxBytes, int maxDepth, @Nullable Duration maxFuture) {

    boolean areForRecorded() {
      return maxFuture == null;
    }
  }
}
