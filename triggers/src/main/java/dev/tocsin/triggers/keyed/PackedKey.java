package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
import java.nio.charset.StandardCharsets;

/** Keys as {@link StateWriter} writes them, told apart and ordered without being read. */
final class PackedKey {

  private static final long FIRST_FACTOR = 0x9e3779b97f4a7c15L;
  private static final long SECOND_FACTOR = 0xd6e8feb86659fd93L;

  private PackedKey() {}

  /**
   * A hash of the bytes between two places; a seed that is secret keeps a sender from choosing keys
   * that come to lie together.
   */
  static int hash(byte[] bytes, int begin, int end, long seed) {
    long hash = seed ^ (end - begin);
    for (int at = begin; at < end; at += Long.BYTES) {
      hash = mixed(hash ^ ByteViews.eightOfRest(bytes, begin, at, end));
    }
    return (int) (hash >>> 32);
  }

  static long mixed(long value) {
    long mixed = (value ^ (value >>> 32)) * FIRST_FACTOR;
    mixed = (mixed ^ (mixed >>> 29)) * SECOND_FACTOR;
    return mixed ^ (mixed >>> 32);
  }

  /**
   * A key as bytes: what {@link StateWriter#key} writes and {@link StateReader#key} reads, one
   * short value in fewer steps.
   */
  static byte[] of(BucketingKey key) {
    if (key.values().size() == 1) {
      byte[] value = key.values().getFirst().getBytes(StandardCharsets.UTF_8);
      if (value.length <= Byte.MAX_VALUE) {
        byte[] packed = new byte[2 + value.length];
        packed[0] = 1;
        packed[1] = (byte) value.length;
        System.arraycopy(value, 0, packed, 2, value.length);
        return packed;
      }
    }
    StateWriter writer = new StateWriter();
    writer.key(key);
    return writer.copy();
  }

  /**
   * Orders the keys that are read next, as {@link BucketingKey#compareTo} does: bytes of UTF-8
   * without sign are in the order of code points (RFC 3629 section 1).
   */
  static int compare(StateReader left, StateReader right) {
    int leftSize = left.count();
    int rightSize = right.count();
    for (int i = 0; i < Math.min(leftSize, rightSize); i++) {
      int order = left.compareRaw(left.count(), right, right.count());
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(leftSize, rightSize);
  }
}
