package dev.tocsin.engine.server;

import dev.tocsin.engine.store.EventQuery;
import dev.tocsin.triggers.CodePoints;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import dev.tocsin.wire.Rfc3339;
import dev.tocsin.wire.Suggestion;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, each read once, with all their problems at once. */
final class Parameters {

  private static final int MAX_PARAMETERS = 32;

  private final Map<String, List<String>> given;
  private final List<Problem> problems = new ArrayList<>();

  /** Parses an encoded query; parameters other than the known ones are problems. */
  Parameters(String query, List<String> known) {
    this(query, known, true);
  }

  /** Parses an encoded query; parameters other than the known ones are ignored. */
  static Parameters amongOthers(String query, List<String> known) {
    return new Parameters(query, known, false);
  }

  private Parameters(String query, List<String> known, boolean othersAreProblems) {
    given = parse(query);
    given.forEach(
        (name, values) -> {
          if (known.contains(name)) {
            if (values.size() > 1) {
              add(
                  name,
                  Problem.VALUE_ERROR,
                  "Given " + values.size() + " times; once is enough",
                  null);
            }
          } else if (othersAreProblems) {
            add(name, "extra_forbidden", "Unknown parameter" + Suggestion.orAll(name, known), null);
          }
        });
  }

  /** Values by name, both decoded; empty with a problem if that is not possible. */
  private Map<String, List<String>> parse(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    int count = 0;
    for (String part : query.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = PercentEncoding.decodeQuery(equals < 0 ? part : part.substring(0, equals));
      String value = equals < 0 ? "" : PercentEncoding.decodeQuery(part.substring(equals + 1));
      if (name == null || value == null) {
        add("", Problem.VALUE_ERROR, "The query is not percent-encoded UTF-8 (RFC 3986)", query);
        return Map.of();
      }
      if (++count > MAX_PARAMETERS) {
        add(
            "",
            Problem.VALUE_ERROR,
            "A query may have at most " + MAX_PARAMETERS + " parameters",
            null);
        return Map.of();
      }
      parameters.computeIfAbsent(name, unknown -> new ArrayList<>()).add(value);
    }
    return parameters;
  }

  @Nullable String text(String name) {
    List<String> values = given.get(name);
    return values == null ? null : values.getFirst();
  }

  /** A pattern, as text. */
  @Nullable String pattern(String name) {
    String text = text(name);
    if (text != null && text.length() > Pattern.MAX_LENGTH) {
      add(
          name,
          "string_too_long",
          "A pattern may have at most %d characters, not %d"
              .formatted(Pattern.MAX_LENGTH, text.length()),
          null);
      return null;
    }
    if (text != null && !CodePoints.areSound(text)) {
      add(name, Problem.VALUE_ERROR, "Contains a NUL, which no event can contain", null);
      return null;
    }
    return text;
  }

  /** An instant with an offset (RFC 3339). */
  @Nullable Instant instant(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      return Rfc3339.parse(text);
    } catch (DateTimeException notATime) {
      String hint =
          text.indexOf(' ') > 0 ? "; in a query a + is written %2B" : ", as 2026-11-23T06:10:00Z";
      add(name, Problem.VALUE_ERROR, "Must be a time of RFC 3339 with an offset" + hint, text);
      return null;
    }
  }

  /** {@code true} or {@code false}; false if it is absent. */
  boolean flag(String name) {
    String text = text(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      add(name, "bool_parsing", "Must be true or false", text);
    }
    return true;
  }

  /** The maximum number of events, 1 to {@value EventQuery#MAX_LIMIT}. */
  int limit() {
    long limit = number("limit", 1, EventQuery.MAX_LIMIT, EventQuery.DEFAULT_LIMIT);
    return (int) limit;
  }

  /** A whole number within bounds. */
  long number(String name, long min, long max, long otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number < min || number > max) {
        boolean low = number < min;
        add(
            name,
            low ? "greater_than_equal" : "less_than_equal",
            "Must be " + min + " to " + max,
            text);
        return otherwise;
      }
      return number;
    } catch (NumberFormatException notANumber) {
      add(name, "int_parsing", "Must be a whole number, " + min + " to " + max, text);
      return otherwise;
    }
  }

  /** Adds a problem that only the caller can see. */
  void add(String name, String type, String message, @Nullable String value) {
    problems.add(Problem.error(new Place.InRequest("query", name), type, message, null, value));
  }

  /** Refuses the request if there are problems. */
  void check() {
    if (!problems.isEmpty()) {
      throw new RefusedException(Validation.ofParameters(problems));
    }
  }
}
