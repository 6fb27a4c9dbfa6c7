package dev.tocsin.engine.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The terminal of the process.
 *
 * @param isInteractive whether a person reads the output, so that a line may be overwritten
 * @param columns the width, at least 20
 */
public record Terminal(boolean isInteractive, int columns) {

  /** A pipe or a file. */
  public static final Terminal NONE = new Terminal(false, 120);

  private static final int MIN_COLUMNS = 20;

  /** Refuses fewer than 20 columns. */
  public Terminal {
    if (columns < MIN_COLUMNS) {
      throw new IllegalArgumentException("a terminal has at least 20 columns, not " + columns);
    }
  }

  /**
   * The terminal of this process. Shells set {@code COLUMNS} but do not export it, so the terminal
   * itself is asked for its width if the variable is not set.
   *
   * @param columns the environment variable {@code COLUMNS}, empty if it is not set
   */
  public static Terminal ofProcess(String columns) {
    boolean isInteractive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    int width = NONE.columns();
    if (columns.matches("[0-9]{1,4}")) {
      width = Integer.parseInt(columns);
    } else if (isInteractive) {
      width = new UsageMessageSpec().autoWidth(true).width();
    }
    return new Terminal(isInteractive, Math.max(MIN_COLUMNS, width));
  }
}
