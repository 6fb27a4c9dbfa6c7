package dev.tocsin.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The problems of one JSON input, at most {@value #MAX}; one more ends the reading. */
final class Problems {

  private static final int MAX = 100;

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private boolean isCutOff;

  /** Ends the reading: there are more problems than are kept. */
  static final class EnoughException extends RuntimeException {
    EnoughException() {
      super("more than " + MAX + " problems", null, false, false);
    }
  }

  /**
   * Adds a problem.
   *
   * @throws EnoughException if there are {@value #MAX} already
   */
  void add(
      Place place, String type, String message, @Nullable String rule, @Nullable String value) {
    if (errors.size() == MAX) {
      isCutOff = true;
      throw new EnoughException();
    }
    errors.add(Problem.error(place, type, message, rule, value));
  }

  /** Adds a warning; more than {@value #MAX} are dropped. */
  void warn(Place place, String type, String message) {
    if (warnings.size() < MAX) {
      warnings.add(Problem.warning(place, type, message));
    }
  }

  /** All warnings. */
  List<Problem> warnings() {
    return warnings;
  }

  /** The number of problems so far, without warnings. */
  int count() {
    return errors.size();
  }

  /** All problems; if there were too many, the last one says so. */
  List<Problem> list() {
    List<Problem> all = new ArrayList<>(errors);
    if (isCutOff) {
      String more = "and more; the reading ended after " + MAX + " problems";
      all.add(Problem.error(new Place.InJson(List.of()), more));
    }
    return List.copyOf(all);
  }
}
