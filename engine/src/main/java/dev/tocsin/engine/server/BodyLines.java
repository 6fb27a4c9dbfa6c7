package dev.tocsin.engine.server;

import dev.tocsin.wire.LineSplitter;
import dev.tocsin.wire.LineSplitter.Line;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body into lines and decompresses it first if it is gzip. Holds one chunk of input and the
 * beginning of one line.
 */
final class BodyLines implements AutoCloseable {

  private static final int UNPACKED_PIECE = 32 * 1024;

  private final LineSplitter lines;
  private final @Nullable Gunzip gunzip;
  private final byte[] unpacked;

  BodyLines(int maxLength, boolean gzip) {
    this.lines = new LineSplitter(maxLength);
    this.gunzip = gzip ? new Gunzip() : null;
    this.unpacked = new byte[gzip ? UNPACKED_PIECE : 0];
  }

  /** Bytes in memory for what has not been returned. */
  long bytes() {
    return lines.bytes() + unpacked.length;
  }

  /** Adds the next chunk of input, once {@link #next} has returned null. */
  void feed(byte[] chunk) {
    if (gunzip != null) {
      gunzip.feed(chunk);
    } else {
      lines.feed(chunk, 0, chunk.length);
    }
  }

  /**
   * The next line that is not blank, to be used before the next call; null for more input.
   *
   * @throws Gunzip.GzipException if the input is not valid gzip
   */
  @Nullable Line next() {
    while (true) {
      Line line = lines.next();
      if (line != null || gunzip == null) {
        return line;
      }
      int length = gunzip.read(unpacked);
      if (length == 0) {
        return null;
      }
      lines.feed(unpacked, 0, length);
    }
  }

  /**
   * The last line if the body ended without a line break; null if there is none.
   *
   * @throws Gunzip.GzipException if gzip input is truncated
   */
  @Nullable Line last() {
    if (gunzip != null) {
      gunzip.end();
    }
    return lines.last();
  }

  @Override
  public void close() {
    if (gunzip != null) {
      gunzip.close();
    }
  }
}
