package dev.tocsin.engine.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Decodes percent-encoded UTF-8 (RFC 3986 section 2.1). */
final class PercentEncoding {

  private PercentEncoding() {}

  /** Decodes a segment of a path; null if it is not percent-encoded UTF-8. */
  static @Nullable String decode(String segment) {
    return segment.indexOf('%') < 0 && isAscii(segment) ? segment : decode(segment, false);
  }

  /** Decodes a part of a query, in which {@code +} is a space; null as in {@link #decode}. */
  static @Nullable String decodeQuery(String part) {
    boolean isPlain = part.indexOf('%') < 0 && part.indexOf('+') < 0 && isAscii(part);
    return isPlain ? part : decode(part, true);
  }

  private static @Nullable String decode(String encoded, boolean plusIsSpace) {
    byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        decoded.put(raw[i] == '+' && plusIsSpace ? (byte) ' ' : raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }
}
