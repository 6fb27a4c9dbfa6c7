package dev.tocsin.engine.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A file with one event per line, as it is sent: an event without an id gets one. Lines are counted
 * as they are sent. A line that is not a JSON object is sent unchanged: the daemon reports what is
 * wrong with it.
 */
final class EventLines extends InputStream {

  /** Maximum length of an event in bytes; a longer line is sent unchanged, in pieces. */
  private static final int MAX_LINE = 8 * 1024 * 1024;

  /** Observes the progress. */
  @FunctionalInterface
  interface Progress {

    /** Called with the number of lines sent and of bytes read from the input. */
    void at(long lines, long bytes);
  }

  private final InputStream in;
  private final IdSource ids;
  private final Progress progress;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private byte[] line = {};
  private int lineAt;
  private long sent;
  private long bytesRead;
  private boolean isInsideLongLine;

  /** Calls {@code progress} for every line. */
  EventLines(InputStream in, IdSource ids, Progress progress) {
    this.in = in;
    this.ids = ids;
    this.progress = progress;
  }

  /** The number of lines sent, without blank ones. */
  long sent() {
    return sent;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (lineAt == line.length && !nextLine()) {
      return -1;
    }
    int copied = 0;
    do {
      int part = Math.min(length - copied, line.length - lineAt);
      System.arraycopy(line, lineAt, bytes, offset + copied, part);
      lineAt += part;
      copied += part;
    } while (copied < length && at < end && lineAt == line.length && nextLine());
    return copied;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean nextLine() throws IOException {
    ByteArrayOutputStream next = new ByteArrayOutputStream(512);
    boolean isWhole = false;
    while (!isWhole && next.size() < MAX_LINE && (at < end || fill())) {
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      isWhole = at < end;
      at += isWhole ? 1 : 0;
      next.write(buffer, from, at - from);
    }
    byte[] read = next.toByteArray();
    boolean isPiece = isInsideLongLine || read.length >= MAX_LINE;
    if (!isInsideLongLine && !isBlank(read)) {
      sent++;
      progress.at(sent, bytesRead);
    }
    isInsideLongLine = isPiece && !isWhole;
    line = isPiece ? read : withId(read);
    lineAt = 0;
    return line.length > 0;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    bytesRead += end;
    return end > 0;
  }

  private byte[] withId(byte[] read) {
    int brace = isBlank(read) ? -1 : braceOfObjectWithoutId(read);
    if (brace < 0) {
      return read;
    }
    String rest = new String(read, brace + 1, read.length - brace - 1, StandardCharsets.UTF_8);
    String comma = rest.stripLeading().startsWith("}") ? "" : ",";
    byte[] id =
        ("\"id\":" + Client.MAPPER.writeValueAsString(ids.next()) + comma)
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream whole = new ByteArrayOutputStream(read.length + id.length);
    whole.write(read, 0, brace + 1);
    whole.write(id, 0, id.length);
    whole.write(read, brace + 1, read.length - brace - 1);
    return whole.toByteArray();
  }

  private static boolean isBlank(byte[] read) {
    for (byte b : read) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }

  /** The position of the brace of an object without {@code id}; -1 for any other line. */
  private static int braceOfObjectWithoutId(byte[] json) {
    try (JsonParser parser = Client.MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return -1;
      }
      int brace = (int) parser.currentTokenLocation().getByteOffset();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        if (parser.currentName().equals("id")) {
          return -1;
        }
        parser.nextToken();
        parser.skipChildren();
      }
      return brace;
    } catch (JacksonException notJson) {
      return -1;
    }
  }
}
