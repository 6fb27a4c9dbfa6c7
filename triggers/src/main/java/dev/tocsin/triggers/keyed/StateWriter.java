package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys and states as bytes for {@link StateReader}: numbers in groups of seven bits, the
 * lowest first (LEB128); texts in UTF-8 after their length, a canonical UUID in sixteen bytes. One
 * instance is reused, so its result must be copied.
 */
public final class StateWriter {

  /** Instead of a text's length: null, or a UUID. A length is written plus {@link #LENGTHS}. */
  static final int ABSENT = 0;

  static final int UUID = 1;
  static final int LENGTHS = 2;

  /** Masks for eight bytes: the bits of a number, and the flags that another byte follows. */
  static final long GROUPS = 0x7f7f7f7f7f7f7f7fL;

  static final long FLAGS = ~GROUPS;

  private static final int GROUP_BITS = 7;
  private static final int SHORT_BITS = GROUP_BITS * Long.BYTES;

  private byte[] bytes = new byte[128];
  private int length;

  /** Discards what was written. */
  public StateWriter reset() {
    length = 0;
    return this;
  }

  public int length() {
    return length;
  }

  /** What was written, in an array that the next write overwrites. */
  public byte[] shared() {
    return bytes;
  }

  public byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  public void octet(int value) {
    require(1);
    bytes[length++] = (byte) value;
  }

  /** A number: few bytes if it is small and not negative, ten if it is negative. */
  public void number(long value) {
    require(10);
    if (value >>> SHORT_BITS == 0) {
      // All groups at once: the flag of each says whether another follows.
      int groups = (Long.SIZE + GROUP_BITS - 1 - Long.numberOfLeadingZeros(value | 1)) / GROUP_BITS;
      long flags = FLAGS & ((1L << (Byte.SIZE * groups - 1)) - 1);
      ByteViews.putFromLowest(bytes, length, Long.expand(value, GROUPS) | flags);
      length += groups;
      return;
    }
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** A number as its difference to another: few bytes if they are close. */
  public void near(long value, long other) {
    long difference = value - other;
    number((difference << 1) ^ (difference >> 63));
  }

  /** A number in eight bytes. */
  void fixed(long value) {
    require(Long.BYTES);
    ByteViews.put(bytes, length, value);
    length += Long.BYTES;
  }

  /** Text or null. The id of an event is usually a UUID. */
  public void text(@Nullable String text) {
    if (text == null) {
      octet(ABSENT);
    } else {
      id(EventId.of(text));
    }
  }

  /** The same for a text that is known as an id. */
  public void id(EventId id) {
    if (id.isUuid()) {
      octet(UUID);
      fixed(id.high());
      fixed(id.low());
    } else {
      sized(id.text(), LENGTHS);
    }
  }

  /** The values of a key, each after its length. */
  public void key(BucketingKey key) {
    number(key.values().size());
    for (int i = 0; i < key.values().size(); i++) {
      sized(key.values().get(i), 0);
    }
  }

  public void raw(byte[] all) {
    raw(all, 0, all.length);
  }

  public void raw(byte[] from, int start, int end) {
    require(end - start);
    System.arraycopy(from, start, bytes, length, end - start);
    length += end - start;
  }

  /** UTF-8 after its length. */
  private void sized(String text, int added) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number((long) encoded.length + added);
    raw(encoded, 0, encoded.length);
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
