package dev.tocsin.engine.server;

import java.util.Arrays;

/**
 * Bytes that arrive in pieces of any size, in one array that grows. The budget pays for what the
 * array occupies, not for the bytes that have arrived.
 */
final class BodyBuffer {

  private static final byte[] NOTHING = {};
  private static final int MIN_CAPACITY = 1_024;

  private final BodyBudget.Share share;
  private final int maxLength;
  private byte[] bytes = NOTHING;
  private int length;

  /**
   * An empty one.
   *
   * @param share pays for it
   * @param maxLength of all pieces
   */
  BodyBuffer(BodyBudget.Share share, int maxLength) {
    this.share = share;
    this.maxLength = maxLength;
  }

  /** The bytes so far. */
  int length() {
    return length;
  }

  /** Adds a piece, which may become the array; refuses with 429 if the budget is exhausted. */
  void add(byte[] piece) {
    if (length > 0) {
      add(piece, piece.length);
      return;
    }
    share.take(piece.length);
    bytes = piece;
    length = piece.length;
  }

  /** Adds a copy of the first bytes of an array. */
  void add(byte[] piece, int count) {
    int needed = Math.addExact(length, count);
    if (needed > maxLength) {
      throw new IllegalArgumentException("more than " + maxLength + " bytes");
    }
    if (needed > bytes.length) {
      long doubled = Math.max(MIN_CAPACITY, 2L * bytes.length);
      resize((int) Math.max(needed, Math.min(maxLength, doubled)));
    }
    System.arraycopy(piece, 0, bytes, length, count);
    length = needed;
  }

  /** All bytes, as an array of this length. Nothing may be added afterwards. */
  byte[] whole() {
    if (bytes.length != length) {
      resize(length);
    }
    return bytes;
  }

  /** Drops all bytes. */
  void release() {
    share.release(bytes.length);
    bytes = NOTHING;
    length = 0;
  }

  /** Both arrays exist at the same time. */
  private void resize(int capacity) {
    share.take(capacity);
    byte[] before = bytes;
    bytes = Arrays.copyOf(before, capacity);
    share.release(before.length);
  }
}
