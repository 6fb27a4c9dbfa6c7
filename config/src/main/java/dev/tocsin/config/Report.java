package dev.tocsin.config;

import java.util.List;

/**
 * Takes down what is wrong with one text.
 *
 * @param file how its user calls it
 * @param problems where all problems of a run are gathered
 */
record Report(String file, List<Problem> problems) {

  /** Something that makes the text unusable. */
  void error(Position position, String path, String message) {
    add(position, path, message, Problem.Severity.ERROR);
  }

  /** Something that its author should know. */
  void warning(Position position, String path, String message) {
    add(position, path, message, Problem.Severity.WARNING);
  }

  private void add(Position position, String path, String message, Problem.Severity severity) {
    problems.add(
        new Problem(file, position.line(), position.column(), path, message, severity));
  }

  /** How many errors there are so far. */
  long errors() {
    return problems.stream().filter(Problem::isError).count();
  }
}
