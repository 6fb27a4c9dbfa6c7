package dev.tocsin.config.document;

import java.util.List;

/** Takes down what is wrong with one text. */
public final class Report {

  private final String file;
  private final List<Problem> problems;
  private final int linesBefore;
  private int errors;

  /** Of a text that its user calls so, into the problems of all texts of a run. */
  public Report(String file, List<Problem> problems) {
    this(file, problems, 0);
  }

  /** Of a part of a text, which begins after so many lines. */
  public Report(String file, List<Problem> problems, int linesBefore) {
    this.file = file;
    this.problems = problems;
    this.linesBefore = linesBefore;
  }

  /** Where a position lies in the whole text, for a person. */
  public String place(Position position) {
    return position.line() == 0 ? file : file + ":" + (position.line() + linesBefore);
  }

  /** How the user calls the text. */
  public String file() {
    return file;
  }

  /** The problems of all texts so far. */
  public List<Problem> problems() {
    return problems;
  }

  /** How many errors this text has so far. */
  public int errors() {
    return errors;
  }

  /** Something that makes the text unusable. */
  public void error(Position position, String path, String message) {
    errors++;
    add(position, path, message, Problem.Severity.ERROR);
  }

  /** Something that its author should know. */
  public void warning(Position position, String path, String message) {
    add(position, path, message, Problem.Severity.WARNING);
  }

  private void add(Position position, String path, String message, Problem.Severity severity) {
    int line = position.line() == 0 ? 0 : position.line() + linesBefore;
    problems.add(new Problem(file, line, position.column(), path, message, severity));
  }
}
