package dev.tocsin.triggers;

import java.util.Arrays;

/** Keys as {@link StateWriter} writes them, told apart and ordered without being read. */
final class PackedKey {

  private static final long FIRST_FACTOR = 0x9e3779b97f4a7c15L;
  private static final long SECOND_FACTOR = 0xd6e8feb86659fd93L;

  private PackedKey() {}

  /**
   * A hash of the bytes before an end; a seed that is secret keeps a sender from choosing keys that
   * come to lie together.
   */
  static int hash(byte[] bytes, int end, long seed) {
    long hash = seed ^ end;
    for (int at = 0; at < end; at += Long.BYTES) {
      hash = mixed(hash ^ Octets.eightOfRest(bytes, at, end));
    }
    return (int) (hash >>> 32);
  }

  static long mixed(long value) {
    long mixed = (value ^ (value >>> 32)) * FIRST_FACTOR;
    mixed = (mixed ^ (mixed >>> 29)) * SECOND_FACTOR;
    return mixed ^ (mixed >>> 32);
  }

  /** Where a key ends that begins an array. */
  static int end(byte[] packed) {
    if (packed.length > 1 && packed[0] == 1 && packed[1] >= 0 && packed.length >= 2 + packed[1]) {
      return 2 + packed[1];
    }
    StateReader reader = new StateReader(packed, 0, packed.length);
    reader.skipKey();
    return reader.position();
  }

  /**
   * Orders the keys that begin two arrays, as {@link BucketingKey#compareTo} does: bytes of UTF-8
   * without sign are in the order of code points (RFC 3629 section 1).
   */
  static int compare(byte[] left, byte[] right) {
    StateReader a = new StateReader(left, 0, left.length);
    StateReader b = new StateReader(right, 0, right.length);
    int leftSize = a.count();
    int rightSize = b.count();
    for (int i = 0; i < Math.min(leftSize, rightSize); i++) {
      int leftLength = a.count();
      int rightLength = b.count();
      int leftAt = a.position();
      int rightAt = b.position();
      a.skip(leftLength);
      b.skip(rightLength);
      int order =
          Arrays.compareUnsigned(
              left, leftAt, leftAt + leftLength, right, rightAt, rightAt + rightLength);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(leftSize, rightSize);
  }
}
