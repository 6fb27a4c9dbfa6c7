package dev.tocsin.engine.cli;

import java.io.PrintWriter;

/** A line on a terminal that is written over as work goes on; nothing where nobody looks. */
final class ProgressBar {

  private static final long EVERY = 256;
  private static final int LEAST_WIDTH = 10;

  private final PrintWriter err;
  private final Terminal terminal;
  private final String unit;
  private final long size;

  /**
   * A bar.
   *
   * @param unit what is counted
   * @param size of all, in the measure of {@link #at}; 0 where it is not known
   */
  ProgressBar(PrintWriter err, Terminal terminal, String unit, long size) {
    this.err = err;
    this.terminal = terminal;
    this.unit = unit;
    this.size = size;
  }

  /** Shows how many are done, and how much of the size, each time many more are. */
  void at(long count, long done) {
    if (terminal.isInteractive() && count % EVERY == 0) {
      err.print("\r" + text(count, done));
      err.flush();
    }
  }

  /** Takes it away. */
  void clear() {
    if (terminal.isInteractive()) {
      err.print("\r" + " ".repeat(terminal.columns() - 1) + "\r");
      err.flush();
    }
  }

  /** A bar as wide as the terminal, or the number alone where the size is not known. */
  private String text(long count, long done) {
    String counted = count + " " + unit;
    int width = terminal.columns() - counted.length() - 10;
    if (size <= 0 || width < LEAST_WIDTH) {
      return counted;
    }
    int percent = (int) Math.min(100, done * 100 / size);
    int full = width * percent / 100;
    return "[%s%s] %3d %%  %s"
        .formatted("#".repeat(full), " ".repeat(width - full), percent, counted);
  }
}
