package dev.tocsin.config.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a text file in UTF-8, within a bound. */
public final class TextFile {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /** The text, or null and a report of why it cannot be read. */
  static @Nullable public String read(Path file, int maxBytes, Report report) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      report.error(Position.WHOLE, "", reason(file, e));
      return null;
    }
    if (bytes.length > maxBytes) {
      report.error(Position.WHOLE, "", "must have at most %,d bytes".formatted(maxBytes));
      return null;
    }
    return decode(bytes, report);
  }

  /** Why a file cannot be read, without what is in it. */
  public static String reason(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return Files.isDirectory(file)
        ? "is a folder, not a file"
        : "cannot be read: " + e.getMessage();
  }

  private static @Nullable String decode(byte[] bytes, Report report) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, text, true);
    text.flip();
    if (result.isError()) {
      String before = text.toString();
      report.error(
          Position.in(before, before.length()),
          "",
          "invalid UTF-8: unexpected byte 0x%02X".formatted(bytes[in.position()]));
      return null;
    }
    boolean isMarked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    return isMarked ? text.subSequence(1, text.length()).toString() : text.toString();
  }
}
