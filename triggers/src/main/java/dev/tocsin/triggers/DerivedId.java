package dev.tocsin.triggers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/**
 * Identifiers derived from what they identify: the same parts have the same UUID in every process.
 * The SHA-256 of the kind and the parts, each as UTF-8 after its length in four bytes, laid out as
 * a UUID of version 8 (RFC 9562 section 5.8).
 */
public final class DerivedId {

  /** A UUID of version 8: x is a hexadecimal digit, y the digit of the variant. */
  private static final String FORM = "xxxxxxxx-xxxx-8xxx-yxxx-xxxxxxxxxxxx";

  /** Cloned, which takes less time than asking the platform for one. */
  private static final MessageDigest SHA_256 = sha256();

  private byte[] bytes = new byte[128];
  private int length;

  /** Starts the identifier of a kind, without parts. */
  public DerivedId(String kind) {
    append(kind);
  }

  /** The identifier of a kind and its parts; differs for every other list of parts. */
  public static String of(String kind, String... parts) {
    DerivedId id = new DerivedId(kind);
    for (String part : parts) {
      id.append(part);
    }
    return id.text();
  }

  /** Whether a text has the form of these identifiers: a UUID of version 8 in lower case. */
  public static boolean isDerived(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      boolean isHex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      boolean fits =
          switch (FORM.charAt(i)) {
            case 'x' -> isHex;
            case 'y' -> c == '8' || c == '9' || c == 'a' || c == 'b';
            default -> c == FORM.charAt(i);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Appends one more part. */
  public DerivedId with(String part) {
    append(part);
    return this;
  }

  /** The identifier of the parts so far. */
  public String text() {
    ByteBuffer hash = ByteBuffer.wrap(digest());
    long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x0000000000008000L;
    long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private void append(String part) {
    byte[] encoded = part.getBytes(StandardCharsets.UTF_8);
    int needed = length + Integer.BYTES + encoded.length;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, needed));
    }
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (encoded.length >>> shift);
    }
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
  }

  private byte[] digest() {
    try {
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      digest.update(bytes, 0, length);
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
