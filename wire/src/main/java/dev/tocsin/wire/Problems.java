package dev.tocsin.wire;

import dev.tocsin.triggers.CodePoints;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The problems of one input, so many of them that a person still reads them: one more ends the
 * reading.
 */
final class Problems {

  private static final int MOST = 100;

  private final List<EventProblem> kept = new ArrayList<>();
  private final List<EventProblem> warnings = new ArrayList<>();
  private boolean isCutOff;

  /** Says that there are enough problems, so that the rest of the input need not be read. */
  static final class EnoughException extends RuntimeException {
    EnoughException() {
      super("more problems than a person reads", null, false, false);
    }
  }

  /**
   * Takes a problem down.
   *
   * @throws EnoughException where there are as many as are kept already
   */
  void add(
      List<Object> loc,
      String type,
      String message,
      @Nullable String rule,
      @Nullable String value) {
    if (kept.size() == MOST) {
      isCutOff = true;
      throw new EnoughException();
    }
    List<Object> printable = loc.stream().map(Problems::printable).toList();
    kept.add(new EventProblem(printable, type, message, rule, value));
  }

  /** Adds what does not refuse an event; as many as problems, and then no more. */
  void warn(List<Object> loc, String type, String message) {
    if (warnings.size() < MOST) {
      warnings.add(
          new EventProblem(
              loc.stream().map(Problems::printable).toList(), type, message, null, null));
    }
  }

  /** All warnings. */
  List<EventProblem> warnings() {
    return warnings;
  }

  /** How many there are so far. */
  int count() {
    return kept.size();
  }

  /** All problems; where there were too many, the last says that the reading ended there. */
  List<EventProblem> list() {
    List<EventProblem> all = new ArrayList<>(kept);
    if (isCutOff) {
      String more = "and more; the reading ended after " + MOST + " problems";
      all.add(new EventProblem(List.of(), "value_error", more, null, null));
    }
    return List.copyOf(all);
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
