package dev.tocsin.engine.cli;

import java.io.Console;
import java.util.Optional;

/**
 * What a command writes to.
 *
 * @param isInteractive whether a person looks at it, so that a line may be written over
 * @param columns how wide it is, 20 or more
 */
public record Terminal(boolean isInteractive, int columns) {

  /** A pipe or a file. */
  public static final Terminal NONE = new Terminal(false, 120);

  private static final int LEAST_COLUMNS = 20;

  /** Refuses one that is too narrow for anything. */
  public Terminal {
    if (columns < LEAST_COLUMNS) {
      throw new IllegalArgumentException("a terminal has at least 20 columns, not " + columns);
    }
  }

  /**
   * The terminal of this process.
   *
   * @param columns the environment's {@code COLUMNS}, empty where it is not set
   */
  public static Terminal ofProcess(String columns) {
    boolean isInteractive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    boolean isNumber = columns.matches("[0-9]{1,4}");
    int width = isNumber ? Integer.parseInt(columns) : NONE.columns();
    return new Terminal(isInteractive, Math.max(LEAST_COLUMNS, width));
  }
}
