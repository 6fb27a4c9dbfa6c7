package dev.tocsin.wire;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with an input: a file of automations or settings, an event, a parameter
 * of a request. {@code toString} renders it on one line.
 *
 * @param place its place
 * @param severity whether the input is refused
 * @param type the kind of problem, in the words of Prefect's 422 answers
 * @param message what is wrong
 * @param rule the rule or bound that is broken, if the message does not say it
 * @param value the invalid value, if the message does not say it; a long one is cut
 */
public record Problem(
    Place place,
    Severity severity,
    String type,
    String message,
    @Nullable String rule,
    @Nullable String value) {

  /** The type of a problem with the JSON syntax. */
  public static final String JSON_INVALID = "json_invalid";

  /** The type of a problem with a required field that is absent; its value is the whole object. */
  public static final String MISSING = "missing";

  /** The type of a problem with a value of another type than text where text is required. */
  public static final String NOT_TEXT = "string_type";

  /** The type of any problem that has no type of its own. */
  public static final String VALUE_ERROR = "value_error";

  /**
   * Maximum length of {@code value} in code points; a longer one is cut and ends with an ellipsis.
   */
  public static final int MAX_VALUE_LENGTH = 200;

  /** The order of the lines of a file. Problems of a whole file, or in no file, are first. */
  public static final Comparator<Problem> BY_LINE =
      Comparator.comparing(
          Problem::position,
          Comparator.comparingInt(Place.InFile::line).thenComparingInt(Place.InFile::column));

  private static final Place.InFile NO_FILE = new Place.InFile("", 0, 0, "");

  /** Whether the input is refused. */
  public enum Severity {
    /** It is refused. */
    ERROR,
    /** It is accepted, but its author should know. */
    WARNING
  }

  /** Cuts a long value, and escapes in it what no writer can encode. */
  public Problem {
    value = value == null ? null : Excerpt.of(value);
  }

  /** A problem for which the input is refused. */
  public static Problem error(
      Place place, String type, String message, @Nullable String rule, @Nullable String value) {
    return new Problem(place, Severity.ERROR, type, message, rule, value);
  }

  /** A problem for which the input is refused; the message says all of it. */
  public static Problem error(Place place, String message) {
    return error(place, VALUE_ERROR, message, null, null);
  }

  /** A problem that its author should know; the message says all of it. */
  public static Problem warning(Place place, String type, String message) {
    return new Problem(place, Severity.WARNING, type, message, null, null);
  }

  /** Whether the input is refused. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The path of its place. */
  public String path() {
    return place.path();
  }

  /** Message, rule and value; without a value that says nothing: that of a missing field. */
  public String sentence() {
    StringBuilder sentence = new StringBuilder(message);
    if (rule != null) {
      sentence.append("; ").append(rule);
    }
    if (value != null && !value.isEmpty() && !type.equals(MISSING)) {
      sentence.append("; is ").append(value);
    }
    return sentence.toString();
  }

  /** One line: place and sentence, and whether it is a warning. */
  @Override
  public String toString() {
    return place + "  " + (isError() ? "" : "warning: ") + sentence();
  }

  private Place.InFile position() {
    return place instanceof Place.InFile file ? file : NO_FILE;
  }
}
