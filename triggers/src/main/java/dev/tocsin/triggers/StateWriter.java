package dev.tocsin.triggers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes keys and states as bytes that {@link StateReader} reads: numbers in groups of seven bits,
 * the lowest first; texts in UTF-8 after their length, a canonical UUID in sixteen bytes. Used
 * again and again: what is written is copied out.
 */
final class StateWriter {

  /** In the place of a text's length: no text, a UUID; a length is that plus {@link #LENGTHS}. */
  static final int ABSENT = 0;

  static final int UUID = 1;
  static final int LENGTHS = 2;

  private static final int UUID_CHARACTERS = 36;

  private byte[] bytes = new byte[128];
  private int length;

  /** Begins anew. */
  StateWriter reset() {
    length = 0;
    return this;
  }

  int length() {
    return length;
  }

  /** What was written, in an array that the next write changes. */
  byte[] shared() {
    return bytes;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  void octet(int value) {
    require(1);
    bytes[length++] = (byte) value;
  }

  /** A number that is not negative in few bytes where it is small; any other in ten. */
  void number(long value) {
    require(10);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** A number of either sign, as the difference to another: few bytes where they are near. */
  void near(long value, long other) {
    long difference = value - other;
    number((difference << 1) ^ (difference >> 63));
  }

  /** A number in eight bytes. */
  void fixed(long value) {
    require(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  /** Text; the identifier of an event is most often a UUID. */
  void text(@Nullable String text) {
    if (text == null) {
      octet(ABSENT);
    } else if (!uuid(text)) {
      sized(text, LENGTHS);
    }
  }

  /** The values of a key, each after its length. */
  void key(BucketingKey key) {
    number(key.values().size());
    for (int i = 0; i < key.values().size(); i++) {
      sized(key.values().get(i), 0);
    }
  }

  /** Text that goes on to the end. */
  void unsized(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    raw(encoded, 0, encoded.length);
  }

  void raw(byte[] from, int start, int end) {
    require(end - start);
    System.arraycopy(from, start, bytes, length, end - start);
    length += end - start;
  }

  /** UTF-8 after its length. Nearly all texts are ASCII, one byte a character. */
  @SuppressWarnings("deprecation") // The one way to copy characters below 256 without an array.
  private void sized(String text, int added) {
    int characters = text.length();
    require(characters + 10);
    int start = length;
    number((long) characters + added);
    text.getBytes(0, characters, bytes, length);
    if (isAscii(text, length, characters)) {
      length += characters;
      return;
    }
    length = start;
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number((long) encoded.length + added);
    raw(encoded, 0, encoded.length);
  }

  /** Whether these bytes, the lower halves of characters, are all there is to the text. */
  private boolean isAscii(String text, int from, int characters) {
    for (int i = 0; i < characters; i++) {
      if (bytes[from + i] < 0 || text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private boolean uuid(String text) {
    if (text.length() != UUID_CHARACTERS) {
      return false;
    }
    require(1 + 16);
    int at = length;
    bytes[at++] = UUID;
    for (int i = 0; i < UUID_CHARACTERS; i++) {
      if (isDash(i)) {
        if (text.charAt(i) != '-') {
          return false;
        }
      } else {
        int high = digit(text.charAt(i));
        int low = digit(text.charAt(++i));
        if (high < 0 || low < 0) {
          return false;
        }
        bytes[at++] = (byte) (high << 4 | low);
      }
    }
    length = at;
    return true;
  }

  static boolean isDash(int index) {
    return index == 8 || index == 13 || index == 18 || index == 23;
  }

  /** The value of a lower-case hexadecimal digit, negative for anything else. */
  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
