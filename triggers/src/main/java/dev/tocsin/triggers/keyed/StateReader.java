package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a {@link StateWriter}, field by field, and refuses invalid ones. */
public final class StateReader {

  private final byte[] bytes;
  private final int end;
  private int at;

  public StateReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  public boolean hasMore() {
    return at < end;
  }

  /** The number of bytes left. */
  int left() {
    return end - at;
  }

  public int position() {
    return at;
  }

  public int octet() {
    require(1);
    return bytes[at++] & 0xff;
  }

  public long number() {
    // All groups at once; some of the eight bytes may be after the end.
    if (bytes.length - at >= Long.BYTES) {
      long eight = ByteViews.eightFromLowest(bytes, at);
      long last = ~eight & StateWriter.FLAGS;
      int groups = (Long.numberOfTrailingZeros(last) >>> 3) + 1;
      if (groups <= Long.BYTES && groups <= end - at) {
        at += groups;
        return Long.compress(
            eight & (-1L >>> (Long.SIZE - Byte.SIZE * groups)), StateWriter.GROUPS);
      }
    }
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7f) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw unreadable();
  }

  public long fixed() {
    require(Long.BYTES);
    long value = ByteViews.eight(bytes, at);
    at += Long.BYTES;
    return value;
  }

  /** A count, 0 or more. */
  public int count() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw unreadable();
    }
    return (int) value;
  }

  public long near(long other) {
    long value = number();
    return other + ((value >>> 1) ^ -(value & 1));
  }

  @Nullable
  public String textOrNull() {
    EventId id = idOrNull();
    return id == null ? null : id.text();
  }

  /** An id. */
  @Nullable
  public EventId idOrNull() {
    int size = count();
    return switch (size) {
      case StateWriter.ABSENT -> null;
      case StateWriter.UUID -> EventId.ofUuid(fixed(), fixed());
      default -> EventId.of(utf8(size - StateWriter.LENGTHS));
    };
  }

  public String text() {
    String text = textOrNull();
    if (text == null) {
      throw unreadable();
    }
    return text;
  }

  public BucketingKey key() {
    int size = count();
    if (size == 0) {
      return BucketingKey.NONE;
    }
    require(size);
    String[] values = new String[size];
    for (int i = 0; i < size; i++) {
      values[i] = utf8(count());
    }
    return new BucketingKey(Arrays.asList(values));
  }

  /** Skips a key, which is usually one short value. */
  public void skipKey() {
    if (end - at > 1 && bytes[at] == 1 && bytes[at + 1] >= 0) {
      at++;
      skip(octet());
      return;
    }
    for (int left = count(); left > 0; left--) {
      skip(count());
    }
  }

  /** The rest. */
  byte[] rest() {
    return raw(end - at);
  }

  public byte[] raw(int length) {
    require(length);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /** Reads a number of bytes here and in another, and compares them as unsigned numbers. */
  int compareRaw(int length, StateReader other, int otherLength) {
    skip(length);
    other.skip(otherLength);
    return Arrays.compareUnsigned(
        bytes, at - length, at, other.bytes, other.at - otherLength, other.at);
  }

  void skip(int length) {
    require(length);
    at += length;
  }

  /** The bytes from an index up to the current one. */
  byte[] since(int place) {
    return Arrays.copyOfRange(bytes, place, at);
  }

  /** A hash of these bytes. */
  int hashSince(int place, long seed) {
    return PackedKey.hash(bytes, place, at, seed);
  }

  private String utf8(int length) {
    require(length);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  private void require(int length) {
    if (length < 0 || end - at < length) {
      throw unreadable();
    }
  }

  public static IllegalArgumentException unreadable() {
    return new IllegalArgumentException("state is truncated or of an unknown version");
  }
}
