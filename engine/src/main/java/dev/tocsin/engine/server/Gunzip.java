package dev.tocsin.engine.server;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952) incrementally: {@link #feed} input, {@link #read} output. It
 * decompresses only what is read, so a small input that expands without end needs no memory. An
 * input may have several members.
 */
final class Gunzip implements AutoCloseable {

  /** Input that is not gzip, or damaged. */
  static final class GzipException extends RuntimeException {
    GzipException(String message) {
      super(message, null, false, false);
    }
  }

  private enum Stage {
    FIXED_HEADER,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CHECK,
    DATA,
    TRAILER,
    BETWEEN
  }

  private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8};
  private static final int FIXED_HEADER_LENGTH = 10;
  private static final int TRAILER_LENGTH = 8;
  private static final int HAS_CHECK = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 check = new CRC32();
  private final byte[] field = new byte[FIXED_HEADER_LENGTH];

  private byte[] input = new byte[0];
  private int at;
  private Stage stage = Stage.FIXED_HEADER;
  private boolean isFirstMember = true;
  private int fieldLength;
  private int flags;
  private int extraLeft;
  private boolean closed;

  /** Sets the next piece of input; the output of all pieces before must have been read. */
  void feed(byte[] piece) {
    input = piece;
    at = 0;
  }

  /** Decompresses into {@code out}; returns 0 if it needs more input or is closed. */
  synchronized int read(byte[] out) {
    while (!closed) {
      if (stage == Stage.DATA) {
        int length = inflate(out);
        if (length > 0) {
          return length;
        }
        if (stage == Stage.DATA) {
          return 0;
        }
      } else if (at == input.length) {
        return 0;
      } else {
        frame();
      }
    }
    return 0;
  }

  /** Ends the input; refuses one that is truncated. */
  void end() {
    if (stage == Stage.FIXED_HEADER) {
      requireMagic(fieldLength);
    }
    if (stage != Stage.BETWEEN) {
      throw new GzipException("the gzip body is truncated");
    }
  }

  /** Frees the native memory; may be called while another thread reads, if a sender hangs up. */
  @Override
  public synchronized void close() {
    closed = true;
    inflater.end();
  }

  private int inflate(byte[] out) {
    try {
      if (inflater.needsInput()) {
        if (at == input.length) {
          return 0;
        }
        inflater.setInput(input, at, input.length - at);
      }
      int length = inflater.inflate(out);
      at = input.length - inflater.getRemaining();
      check.update(out, 0, length);
      if (inflater.finished()) {
        enter(Stage.TRAILER);
      } else if (inflater.needsDictionary()) {
        throw new GzipException("the gzip body needs a dictionary");
      }
      return length;
    } catch (DataFormatException damaged) {
      throw new GzipException("the gzip body is damaged: " + damaged.getMessage());
    }
  }

  private void frame() {
    switch (stage) {
      case BETWEEN -> enter(Stage.FIXED_HEADER);
      case FIXED_HEADER -> {
        if (fill(FIXED_HEADER_LENGTH)) {
          begin();
        }
      }
      case EXTRA_LENGTH -> {
        if (fill(2)) {
          extraLeft = (field[0] & 0xff) | (field[1] & 0xff) << 8;
          enter(Stage.EXTRA);
        }
      }
      case EXTRA -> skipExtra();
      case NAME -> skipText(HAS_COMMENT | HAS_CHECK);
      case COMMENT -> skipText(HAS_CHECK);
      case HEADER_CHECK -> {
        if (fill(2)) {
          enter(Stage.DATA);
        }
      }
      case TRAILER -> {
        if (fill(TRAILER_LENGTH)) {
          verify();
        }
      }
      case DATA -> throw new IllegalStateException("data is not a frame");
    }
  }

  private void begin() {
    requireMagic(FIXED_HEADER_LENGTH);
    flags = field[3] & 0xff;
    if ((flags & RESERVED) != 0) {
      throw new GzipException("the gzip body has reserved flags");
    }
    inflater.reset();
    check.reset();
    enter(firstOf(HAS_EXTRA | HAS_NAME | HAS_COMMENT | HAS_CHECK));
  }

  /** Refuses a member that does not begin as gzip does. */
  private void requireMagic(int length) {
    int there = Math.min(length, MAGIC.length);
    if (!Arrays.equals(field, 0, there, MAGIC, 0, there)) {
      throw new GzipException(
          isFirstMember
              ? "the body is not gzip, but Content-Encoding is gzip"
              : "the gzip body is followed by data that is not gzip");
    }
  }

  private Stage firstOf(int candidates) {
    int left = flags & candidates;
    return (left & HAS_EXTRA) != 0
        ? Stage.EXTRA_LENGTH
        : (left & HAS_NAME) != 0
            ? Stage.NAME
            : (left & HAS_COMMENT) != 0
                ? Stage.COMMENT
                : (left & HAS_CHECK) != 0 ? Stage.HEADER_CHECK : Stage.DATA;
  }

  private void skipExtra() {
    int skipped = Math.min(extraLeft, input.length - at);
    at += skipped;
    extraLeft -= skipped;
    if (extraLeft == 0) {
      enter(firstOf(HAS_NAME | HAS_COMMENT | HAS_CHECK));
    }
  }

  private void skipText(int after) {
    while (at < input.length) {
      if (input[at++] == 0) {
        enter(firstOf(after));
        return;
      }
    }
  }

  private void verify() {
    if (number(0) != check.getValue() || number(4) != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new GzipException("the gzip body is damaged: its checksum does not match");
    }
    isFirstMember = false;
    enter(Stage.BETWEEN);
  }

  private long number(int from) {
    return (field[from] & 0xffL)
        | (field[from + 1] & 0xffL) << 8
        | (field[from + 2] & 0xffL) << 16
        | (field[from + 3] & 0xffL) << 24;
  }

  private boolean fill(int length) {
    while (fieldLength < length && at < input.length) {
      field[fieldLength++] = input[at++];
    }
    return fieldLength == length;
  }

  private void enter(Stage next) {
    stage = next;
    fieldLength = 0;
  }
}
