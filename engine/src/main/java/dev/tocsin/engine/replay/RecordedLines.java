package dev.tocsin.engine.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream as bytes, each within a bound. */
final class RecordedLines {

  /** Longest line, in bytes. */
  static final int LONGEST = 64 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private long number;

  RecordedLines(InputStream in) {
    this.in = in;
  }

  /** The number of the line that {@link #next} gave, from 1. */
  long number() {
    return number;
  }

  /**
   * The next line without its end, or null after the last.
   *
   * @throws IOException also where a line is too long
   */
  byte @Nullable [] next() throws IOException {
    if (at == end && !fill()) {
      return null;
    }
    number++;
    ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
    do {
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, from, at - from);
      if (at < end) {
        at++;
        return line.toByteArray();
      }
      if (line.size() > LONGEST) {
        throw new IOException("line " + number + " has more than " + LONGEST + " bytes");
      }
    } while (fill());
    return line.toByteArray();
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
