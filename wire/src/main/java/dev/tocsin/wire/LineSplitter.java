package dev.tocsin.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes that arrive in chunks into lines, each within a bound. A line ends with LF or CRLF,
 * the last one also with the input. Blank lines count and are skipped. Holds the current chunk and
 * the beginning of one line. For one thread.
 */
public final class LineSplitter {

  private static final byte[] NOTHING = {};

  /** An array of at most this size is kept for the next line. */
  private static final int RETAINED = 8_192;

  private final int maxLength;
  private byte[] chunk = NOTHING;
  private int at;
  private int end;
  private byte[] begun = NOTHING;
  private int begunLength;
  private long dropped;
  private long number = 1;

  /**
   * @param maxLength maximum length of a line in bytes, without its LF; more than 0
   */
  public LineSplitter(int maxLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException("maxLength must be more than 0, not " + maxLength);
    }
    this.maxLength = maxLength;
  }

  /**
   * Adds the next chunk, once {@link #next} has returned null. The array must not change before
   * {@link #next} returns null again.
   */
  public void feed(byte[] bytes, int offset, int length) {
    if (at < end) {
      throw new IllegalStateException("the chunk before has not been read to its end");
    }
    chunk = bytes;
    at = offset;
    end = offset + length;
  }

  /** The next line that is not blank, to be used before the next call; null for more input. */
  public @Nullable Line next() {
    while (at < end) {
      int from = at;
      while (at < end && chunk[at] != '\n') {
        at++;
      }
      if (at == end) {
        keep(chunk, from, end - from);
        break;
      }
      Line line = finish(chunk, from, at - from);
      at++;
      number++;
      if (line != null) {
        return line;
      }
    }
    chunk = NOTHING;
    at = 0;
    end = 0;
    if (begunLength == 0 && begun.length > RETAINED) {
      begun = NOTHING;
    }
    return null;
  }

  /** Bytes of the arrays in memory. */
  public long bytes() {
    return (long) chunk.length + begun.length;
  }

  /** The last line if the input ended without a line break; null if there is none. */
  public @Nullable Line last() {
    return finish(NOTHING, 0, 0);
  }

  private @Nullable Line finish(byte[] bytes, int offset, int length) {
    if (begunLength == 0 && dropped == 0) {
      return line(bytes, offset, length);
    }
    keep(bytes, offset, length);
    Line line = line(begun, 0, begunLength);
    begunLength = 0;
    dropped = 0;
    return line;
  }

  private @Nullable Line line(byte[] bytes, int offset, int length) {
    if (dropped > 0 || length > maxLength) {
      return new Line(number, NOTHING, 0, length + dropped, true);
    }
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return new Line(number, bytes, offset, length, false);
      }
    }
    return null;
  }

  /** Appends to the line that has begun; bytes beyond the maximum are only counted. */
  private void keep(byte[] bytes, int offset, int length) {
    int kept = dropped > 0 ? 0 : Math.min(length, maxLength - begunLength);
    if (begunLength + kept > begun.length) {
      long doubled = 2L * begun.length;
      begun =
          Arrays.copyOf(begun, (int) Math.min(maxLength, Math.max(begunLength + kept, doubled)));
    }
    System.arraycopy(bytes, offset, begun, begunLength, kept);
    begunLength += kept;
    dropped += length - kept;
  }

  /** A line that is not blank, without its LF; a CR before it is kept. */
  public static final class Line {

    private final long number;
    private final byte[] bytes;
    private final int offset;
    private final long length;
    private final boolean tooLong;

    private Line(long number, byte[] bytes, int offset, long length, boolean tooLong) {
      this.number = number;
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
      this.tooLong = tooLong;
    }

    /** Its number in the input, from 1; blank lines count. */
    public long number() {
      return number;
    }

    /** The array that holds it; empty if it is too long. */
    public byte[] bytes() {
      return bytes;
    }

    /** Its position in {@link #bytes}. */
    public int offset() {
      return offset;
    }

    /** Its length in bytes, also if it is too long. */
    public long length() {
      return length;
    }

    /** Whether it is longer than the maximum; then its bytes are gone. */
    public boolean isTooLong() {
      return tooLong;
    }
  }
}
