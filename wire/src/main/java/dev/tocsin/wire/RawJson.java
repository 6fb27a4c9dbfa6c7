package dev.tocsin.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;

/**
 * One JSON value in UTF-8 that a generator copies as it is. A generator that writes bytes makes no
 * {@link String} of it; {@link JsonGenerator#writeRawValue(String)} would.
 */
final class RawJson implements SerializableString {

  private final byte[] utf8;

  private RawJson(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Writes a JSON value in UTF-8 at the generator's position. */
  static void write(byte[] utf8, JsonGenerator json) {
    json.writeRawValue(new RawJson(utf8));
  }

  @Override
  public int appendUnquotedUTF8(byte[] buffer, int offset) {
    if (offset + utf8.length > buffer.length) {
      return -1;
    }
    System.arraycopy(utf8, 0, buffer, offset, utf8.length);
    return utf8.length;
  }

  @Override
  public byte[] asUnquotedUTF8() {
    return utf8;
  }

  @Override
  public int writeUnquotedUTF8(OutputStream out) throws IOException {
    out.write(utf8);
    return utf8.length;
  }

  @Override
  public int putUnquotedUTF8(ByteBuffer buffer) {
    if (utf8.length > buffer.remaining()) {
      return -1;
    }
    buffer.put(utf8);
    return utf8.length;
  }

  /** For generators that write characters. */
  @Override
  public String getValue() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Override
  public int charLength() {
    return getValue().length();
  }

  @Override
  public int appendUnquoted(char[] buffer, int offset) {
    String text = getValue();
    if (offset + text.length() > buffer.length) {
      return -1;
    }
    text.getChars(0, text.length(), buffer, offset);
    return text.length();
  }

  @Override
  public char[] asQuotedChars() {
    throw isNoString();
  }

  @Override
  public byte[] asQuotedUTF8() {
    throw isNoString();
  }

  @Override
  public int appendQuotedUTF8(byte[] buffer, int offset) {
    throw isNoString();
  }

  @Override
  public int appendQuoted(char[] buffer, int offset) {
    throw isNoString();
  }

  @Override
  public int writeQuotedUTF8(OutputStream out) {
    throw isNoString();
  }

  @Override
  public int putQuotedUTF8(ByteBuffer buffer) {
    throw isNoString();
  }

  private static UnsupportedOperationException isNoString() {
    return new UnsupportedOperationException("a JSON value cannot be quoted as a string");
  }
}
