package dev.tocsin.triggers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Identifiers that follow from what they identify: the same parts give the same UUID in every
 * process. SHA-256, laid out as a UUID of version 8 (RFC 9562 section 5.8).
 */
public final class DerivedId {

  /** Cloned, which takes less than to ask the platform for one. */
  private static final MessageDigest SHA_256 = sha256();

  private DerivedId() {}

  /** The identifier of a kind and its parts; no two lists of parts run into one another. */
  public static String of(String kind, String... parts) {
    byte[][] encoded = new byte[1 + parts.length][];
    encoded[0] = kind.getBytes(StandardCharsets.UTF_8);
    int size = Integer.BYTES + encoded[0].length;
    for (int i = 0; i < parts.length; i++) {
      encoded[i + 1] = parts[i].getBytes(StandardCharsets.UTF_8);
      size += Integer.BYTES + encoded[i + 1].length;
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] each : encoded) {
      all.putInt(each.length).put(each);
    }
    ByteBuffer hash = ByteBuffer.wrap(digest(all.array()));
    long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x0000000000008000L;
    long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return ((MessageDigest) SHA_256.clone()).digest(bytes);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be cloned", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
