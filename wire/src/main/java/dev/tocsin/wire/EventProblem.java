package dev.tocsin.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reason why an event was refused.
 *
 * @param loc where, as keys ({@link String}) and list indexes ({@link Integer}) from the outside
 *     in; empty for the whole input. For {@value #JSON_INVALID} the one index is a byte offset
 * @param type the kind of problem, in the words of Prefect's 422 answers
 * @param message what is wrong, for a person
 * @param rule the rule or bound that is broken, where the message alone does not say it
 * @param value what was found there, as text of at most {@value #MAX_VALUE_LENGTH} characters
 */
public record EventProblem(
    List<Object> loc, String type, String message, @Nullable String rule, @Nullable String value) {

  /** The type of a problem with the JSON itself. */
  public static final String JSON_INVALID = "json_invalid";

  /**
   * Most characters (code points) of {@code value}; what is longer is cut and ends with an
   * ellipsis.
   */
  public static final int MAX_VALUE_LENGTH = 200;

  /** Copies {@code loc}. */
  public EventProblem {
    loc = List.copyOf(loc);
  }

  /** Where, as a JSON path: {@code $[3].resource["prefect.resource.id"]}. */
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

  /** One line: path, message, rule and value. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(path()).append("  ").append(message);
    if (rule != null) {
      line.append("; ").append(rule);
    }
    if (value != null) {
      line.append("; is ").append(value);
    }
    return line.toString();
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
