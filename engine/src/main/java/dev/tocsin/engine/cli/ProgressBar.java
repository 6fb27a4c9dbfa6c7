package dev.tocsin.engine.cli;

import java.io.PrintWriter;

/** A line on a terminal that is overwritten as work proceeds; prints nothing to a file or pipe. */
final class ProgressBar {

  private static final long EVERY = 256;
  private static final int MIN_WIDTH = 10;

  private final PrintWriter err;
  private final Terminal terminal;
  private final String unit;
  private final long size;

  /**
   * A bar that is not shown yet.
   *
   * @param unit the noun of the count, in the plural
   * @param size the size of the whole work in the unit of {@link #at}; 0 if unknown
   */
  ProgressBar(PrintWriter err, Terminal terminal, String unit, long size) {
    this.err = err;
    this.terminal = terminal;
    this.unit = unit;
    this.size = size;
  }

  /** Reports the count and the part of the size done; redraws the line once in a while. */
  void at(long count, long done) {
    if (terminal.isInteractive() && count % EVERY == 0) {
      err.print("\r" + text(count, done));
      err.flush();
    }
  }

  /** Erases the line. */
  void clear() {
    if (terminal.isInteractive()) {
      err.print("\r" + " ".repeat(terminal.columns() - 1) + "\r");
      err.flush();
    }
  }

  /** A bar narrower than the terminal, or the count alone if the size is unknown. */
  private String text(long count, long done) {
    String counted = count + " " + unit;
    int width = terminal.columns() - counted.length() - 10;
    if (size <= 0 || width < MIN_WIDTH) {
      return counted;
    }
    int percent = (int) Math.min(100, done * 100 / size);
    int full = width * percent / 100;
    return "[%s%s] %3d %%  %s"
        .formatted("#".repeat(full), " ".repeat(width - full), percent, counted);
  }
}
