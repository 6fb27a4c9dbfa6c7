package dev.tocsin.engine.event;

import dev.tocsin.triggers.CodePoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The problems of one input, so many of them that a person still reads them. */
final class Problems {

  /** Most problems of one input that are kept. */
  static final int MOST = 100;

  private final List<EventProblem> kept = new ArrayList<>();
  private long left;

  void add(
      List<Object> loc,
      String type,
      String message,
      @Nullable String rule,
      @Nullable String value) {
    if (kept.size() < MOST) {
      List<Object> printable = loc.stream().map(Problems::printable).toList();
      kept.add(new EventProblem(printable, type, message, rule, value));
    } else {
      left++;
    }
  }

  /** How many there are so far, kept or not. */
  long count() {
    return kept.size() + left;
  }

  /** All problems; where there were too many, the last says how many are left out. */
  List<EventProblem> list() {
    if (left > 0) {
      String more = "and " + left + (left == 1 ? " more problem" : " more problems");
      kept.add(new EventProblem(List.of(), "value_error", more, null, null));
      left = 0;
    }
    return List.copyOf(kept);
  }

  private static Object printable(Object step) {
    return step instanceof String name ? excerpt(name) : step;
  }

  /** Text that any writer can encode, cut where it is long. */
  static String excerpt(String text) {
    boolean isShort =
        text.length() <= EventProblem.MAX_VALUE_LENGTH
            || text.codePointCount(0, text.length()) <= EventProblem.MAX_VALUE_LENGTH;
    String cut =
        isShort
            ? text
            : text.substring(0, text.offsetByCodePoints(0, EventProblem.MAX_VALUE_LENGTH - 1))
                + "…";
    return CodePoints.areSound(cut) ? cut : excerpt(escaped(cut));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                escaped.append(String.format("\\u%04x", c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
