package dev.tocsin.triggers;

import dev.tocsin.triggers.keyed.ByteViews;
import dev.tocsin.triggers.keyed.StateWriter;
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

  private final StateWriter parts = new StateWriter();

  /** The identifier of a kind, without parts so far. */
  public DerivedId(String kind) {
    parts.part(kind);
  }

  /** The identifier of a kind and its parts; no two lists of parts run into one another. */
  public static String of(String kind, String... parts) {
    DerivedId id = new DerivedId(kind);
    for (String part : parts) {
      id.with(part);
    }
    return id.text();
  }

  /** With one more part. */
  public DerivedId with(String part) {
    parts.part(part);
    return this;
  }

  /** The identifier of the parts so far. */
  public String text() {
    byte[] hash = digest(parts);
    long high = (ByteViews.eight(hash, 0) & 0xffffffffffff0fffL) | 0x0000000000008000L;
    long low = (ByteViews.eight(hash, Long.BYTES) & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static byte[] digest(StateWriter written) {
    try {
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      digest.update(written.shared(), 0, written.length());
      return digest.digest();
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
