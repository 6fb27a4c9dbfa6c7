package dev.tocsin.config;

import java.util.List;

/** Takes down what is wrong with one text. */
final class Report {

  private final String file;
  private final List<Problem> problems;
  private int errors;

  /** Of a text that its user calls so, into the problems of all texts of a run. */
  Report(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** How the user calls the text. */
  String file() {
    return file;
  }

  /** The problems of all texts so far. */
  List<Problem> problems() {
    return problems;
  }

  /** How many errors this text has so far. */
  int errors() {
    return errors;
  }

  /** Something that makes the text unusable. */
  void error(Position position, String path, String message) {
    errors++;
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
}
