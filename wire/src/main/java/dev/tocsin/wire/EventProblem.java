package dev.tocsin.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reason why an event was refused.
 *
 * @param loc the place, as names ({@link String}) and list indexes ({@link Integer}) from the
 *     outermost in; empty for the whole input. For {@value #JSON_INVALID} the one index is a byte
 *     offset
 * @param type the kind of problem, in the words of Prefect's 422 answers
 * @param message what is wrong
 * @param rule the rule or bound that is broken, if the message does not say it
 * @param value the value found there, as text of at most {@value #MAX_VALUE_LENGTH} characters
 */
public record EventProblem(
    List<Object> loc, String type, String message, @Nullable String rule, @Nullable String value) {

  /** The type of a problem with the JSON syntax. */
  public static final String JSON_INVALID = "json_invalid";

  /** The type of a problem with a required field that is absent; its value is the whole object. */
  public static final String MISSING = "missing";

  /**
   * Maximum length of {@code value} in code points; a longer one is cut and ends with an ellipsis.
   */
  public static final int MAX_VALUE_LENGTH = 200;

  /** Copies {@code loc}. */
  public EventProblem {
    loc = List.copyOf(loc);
  }

  /** The place as a JSON path: {@code $[3].resource["prefect.resource.id"]}. */
  public String path() {
    StringBuilder path = new StringBuilder("$");
    if (type.equals(JSON_INVALID)) {
      return path.toString();
    }
    for (Object step : loc) {
      if (step instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        appendName(path, step.toString());
      }
    }
    return path.toString();
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

  /** One line: path and sentence. */
  @Override
  public String toString() {
    return path() + "  " + sentence();
  }

  private static void appendName(StringBuilder path, String name) {
    if (isPlain(name)) {
      path.append('.').append(name);
    } else {
      String escaped = name.replace("\\", "\\\\").replace("\"", "\\\"");
      path.append("[\"").append(escaped).append("\"]");
    }
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c ->
                    c == '_'
                        || (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9'));
  }
}
