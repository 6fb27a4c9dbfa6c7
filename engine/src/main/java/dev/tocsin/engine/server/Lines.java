package dev.tocsin.engine.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines, unpacking it first where it is gzip. Holds one line that is not yet
 * whole, of at most the allowed length, and one piece of input. A line is to be used before the
 * next is drawn.
 */
final class Lines implements AutoCloseable {

  private static final int UNPACKED_PIECE = 32 * 1024;

  private static final byte[] NOTHING = {};

  private final int maxLength;
  private final @Nullable Gunzip gunzip;
  private final byte[] unpacked;

  private byte[] window = NOTHING;
  private int at;
  private int end;
  private byte[] begun = NOTHING;
  private int begunLength;
  private long dropped;
  private long number = 1;

  Lines(int maxLength, boolean gzip) {
    this.maxLength = maxLength;
    this.gunzip = gzip ? new Gunzip() : null;
    this.unpacked = gzip ? new byte[UNPACKED_PIECE] : NOTHING;
  }

  /** Hands over the next piece of input, when {@link #next} has given null. */
  void feed(byte[] piece) {
    if (gunzip != null) {
      gunzip.feed(piece);
    } else {
      window = piece;
      at = 0;
      end = piece.length;
    }
  }

  /**
   * The next line that is not empty, or null where more input is needed.
   *
   * @throws Gunzip.GzipException where the input is not sound gzip
   */
  @Nullable Line next() {
    while (true) {
      Line line = cut();
      if (line != null) {
        return line;
      }
      int length = gunzip == null ? 0 : gunzip.read(unpacked);
      if (length == 0) {
        return null;
      }
      window = unpacked;
      at = 0;
      end = length;
    }
  }

  /**
   * The last line where no line break ends it, or null.
   *
   * @throws Gunzip.GzipException where gzip input is not whole
   */
  @Nullable Line last() {
    if (gunzip != null) {
      gunzip.end();
    }
    return finish(NOTHING, 0, 0);
  }

  @Override
  public void close() {
    if (gunzip != null) {
      gunzip.close();
    }
  }

  private @Nullable Line cut() {
    while (at < end) {
      int from = at;
      while (at < end && window[at] != '\n') {
        at++;
      }
      if (at == end) {
        keep(window, from, end - from);
        return null;
      }
      Line line = finish(window, from, at - from);
      at++;
      number++;
      if (line != null) {
        return line;
      }
    }
    return null;
  }

  private @Nullable Line finish(byte[] bytes, int offset, int length) {
    if (begunLength > 0 || dropped > 0) {
      keep(bytes, offset, length);
      Line line = line(begun, 0, begunLength);
      begunLength = 0;
      dropped = 0;
      return line;
    }
    return line(bytes, offset, length);
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

  private void keep(byte[] bytes, int offset, int length) {
    int room = dropped > 0 ? 0 : Math.min(length, maxLength - begunLength);
    if (begunLength + room > begun.length) {
      int size = Math.min(maxLength, Math.max(begunLength + room, 2 * begun.length));
      begun = Arrays.copyOf(begun, size);
    }
    System.arraycopy(bytes, offset, begun, begunLength, room);
    begunLength += room;
    dropped += length - room;
  }

  /** A line that is not empty. */
  static final class Line {

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

    /** From 1; empty lines count. */
    long number() {
      return number;
    }

    /** What holds the line; nothing where it is too long. */
    byte[] bytes() {
      return bytes;
    }

    /** Where it begins. */
    int offset() {
      return offset;
    }

    /** How many bytes it has, also where it is too long. */
    long length() {
      return length;
    }

    /** Whether it is longer than allowed. */
    boolean isTooLong() {
      return tooLong;
    }
  }
}
