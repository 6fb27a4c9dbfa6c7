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

  private DerivedId() {}

  /** The identifier of a kind and its parts; no two lists of parts run into one another. */
  public static String of(String kind, String... parts) {
    MessageDigest digest = sha256();
    update(digest, kind);
    for (String part : parts) {
      update(digest, part);
    }
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x0000000000008000L;
    long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
