package dev.tocsin.config.document;

import dev.tocsin.wire.Place;
import dev.tocsin.wire.Problem;
import java.util.List;

/** Collects the problems of one text. */
public final class Report {

  private final String file;
  private final List<Problem> problems;
  private final int linesBefore;
  private int errors;

  /**
   * Reports the problems of a whole text.
   *
   * @param file name of the text, as the user knows it
   * @param problems the problems of all texts of a run; new ones are added
   */
  public Report(String file, List<Problem> problems) {
    this(file, problems, 0);
  }

  /** Reports the problems of a part of a text, which begins after this number of lines. */
  public Report(String file, List<Problem> problems, int linesBefore) {
    this.file = file;
    this.problems = problems;
    this.linesBefore = linesBefore;
  }

  /** File and line of a position, for a person. */
  public String place(Position position) {
    return position.line() == 0 ? file : file + ":" + (position.line() + linesBefore);
  }

  /** The name of the text, as the user knows it. */
  public String file() {
    return file;
  }

  /** The problems of all texts so far. */
  public List<Problem> problems() {
    return problems;
  }

  /** The number of errors of this text so far. */
  public int errors() {
    return errors;
  }

  /** Reports something that makes the text unusable. */
  public void error(Position position, String path, String message) {
    errors++;
    problems.add(Problem.error(place(position, path), message));
  }

  /** Reports something that the author should know. */
  public void warning(Position position, String path, String message) {
    problems.add(Problem.warning(place(position, path), Problem.VALUE_ERROR, message));
  }

  private Place place(Position position, String path) {
    int line = position.line() == 0 ? 0 : position.line() + linesBefore;
    return new Place.InFile(file, line, position.column(), path);
  }
}
