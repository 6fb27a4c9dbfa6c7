package dev.tocsin.config.document;

import java.util.Comparator;

/**
 * Something wrong with a file.
 *
 * @param file as the user named it
 * @param line from 1; 0 where the whole file is meant
 * @param column from 1; 0 where the whole file is meant
 * @param path where in the document: {@code automations[2].trigger.within}
 * @param message what is wrong, the rule or bound, the value, and a suggestion where there is one
 */
public record Problem(
    String file, int line, int column, String path, String message, Severity severity) {

  /** The problems of one file in the order in which they stand there. */
  public static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  /** Whether the file may still be used. */
  public enum Severity {
    /** It may not. */
    ERROR,
    /** It may, but its author should know. */
    WARNING
  }

  /** Whether the file may not be used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** One line: {@code file:line:column path message}. */
  @Override
  public String toString() {
    String where = line == 0 ? file : file + ":" + line + ":" + column;
    String kind = severity == Severity.WARNING ? "warning: " : "";
    return where + "  " + (path.isEmpty() ? "" : path + "  ") + kind + message;
  }
}
