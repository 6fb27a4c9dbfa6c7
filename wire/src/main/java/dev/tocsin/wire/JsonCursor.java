package dev.tocsin.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;

/** A place in JSON that moves forward, with checks that apply to any JSON and problems there. */
final class JsonCursor {

  private final JsonParser parser;
  private final byte[] json;
  private final int start;
  private final int maxDepth;
  private final Problems problems;

  /**
   * @param start index in {@code json} of the parser's byte 0
   * @param maxDepth maximum number of levels in a value that is skipped
   */
  JsonCursor(JsonParser parser, byte[] json, int start, int maxDepth, Problems problems) {
    this.parser = parser;
    this.json = json;
    this.start = start;
    this.maxDepth = maxDepth;
    this.problems = problems;
  }

  boolean isThere(@Nullable JsonToken first) {
    if (first == null) {
      problems.add(
          new Place.AtByte(0), Problem.JSON_INVALID, "Not JSON: there is nothing", null, null);
    }
    return first != null;
  }

  void expectEnd() {
    if (parser.nextToken() != null) {
      int at = tokenStart() - start;
      String message = "Not JSON, byte %d: more after the end of the JSON".formatted(at);
      problems.add(
          new Place.AtByte(at),
          Problem.JSON_INVALID,
          message,
          null,
          excerpt(start + at, json.length));
    }
  }

  /** Moves to the next value of an object and returns its name, or null at the object's end. */
  @Nullable String nextName(DistinctNames names) {
    String name = parser.nextName();
    if (name != null) {
      if (!names.add(name)) {
        add(Problem.VALUE_ERROR, "Duplicate key", "an object has each key once", name);
      }
      parser.nextToken();
    }
    return name;
  }

  @Nullable String string() {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      refuseType(Problem.NOT_TEXT, "Input should be a valid string");
      return null;
    }
    return parser.getString();
  }

  void refuseUnsound(Place place, String text) {
    problems.add(
        place,
        Problem.VALUE_ERROR,
        "Text holds a NUL or a lone surrogate",
        "neither survives a store",
        text);
  }

  /** Moves to the end of the current value and checks it. */
  void skip(int depth) {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
      return;
    }
    if (depth > maxDepth) {
      String message = "Nested more than " + maxDepth + " levels deep";
      problems.add(fieldHere(), Problem.VALUE_ERROR, message, null, null);
      throw new TooDeepException();
    }
    if (token == JsonToken.START_OBJECT) {
      DistinctNames names = new DistinctNames();
      while (nextName(names) != null) {
        skip(depth + 1);
      }
    } else {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        skip(depth + 1);
      }
    }
  }

  void refuseType(String type, String message) {
    Place place = here();
    int from = tokenStart();
    skip(1);
    parser.finishToken();
    problems.add(place, type, message, null, excerpt(from, position()));
  }

  void add(String type, String message, @Nullable String rule, @Nullable String value) {
    problems.add(here(), type, message, rule, value);
  }

  /** A field of the object in which the parser is. */
  Place here(String name) {
    List<Object> steps = steps();
    steps.add(name);
    return new Place.InJson(steps);
  }

  /** The place of the parser. */
  Place here() {
    return new Place.InJson(steps());
  }

  private List<Object> steps() {
    List<Object> steps = new ArrayList<>();
    for (TokenStreamContext at = parser.streamReadContext(); at != null; at = at.getParent()) {
      if (at.inObject() && at.hasCurrentName()) {
        steps.addFirst(at.currentName());
      } else if (at.inArray() && at.hasCurrentIndex()) {
        steps.addFirst(at.getCurrentIndex());
      }
    }
    return steps;
  }

  /** The field of the event in which the parser is, however deep. */
  private Place fieldHere() {
    List<Object> steps = steps();
    int length = !steps.isEmpty() && steps.getFirst() instanceof Integer ? 2 : 1;
    return new Place.InJson(steps.subList(0, Math.min(length, steps.size())));
  }

  int tokenStart() {
    return start + (int) parser.currentTokenLocation().getByteOffset();
  }

  int position() {
    return start + (int) parser.currentLocation().getByteOffset();
  }

  /** The beginning of the JSON between two indexes, long enough for a problem. */
  String excerpt(int from, int to) {
    int enough = Math.min(to - from, 4 * Problem.MAX_VALUE_LENGTH + 4);
    return new String(json, from, enough, StandardCharsets.UTF_8);
  }

  /** In JSON a raw line break is only between tokens: inside a string it must be escaped. */
  byte[] onOneLine(int from, int to) {
    byte[] copy = Arrays.copyOfRange(json, from, to);
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == '\n' || copy[i] == '\r') {
        copy[i] = ' ';
      }
    }
    return copy;
  }

  /** Ends the reading: a payload is nested too deep. */
  static final class TooDeepException extends RuntimeException {
    TooDeepException() {
      super("nested too deep", null, false, false);
    }
  }
}
