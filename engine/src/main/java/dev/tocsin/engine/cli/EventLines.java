package dev.tocsin.engine.cli;

import dev.tocsin.wire.LineSplitter;
import dev.tocsin.wire.LineSplitter.Line;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A file with one event per line, as it is sent: an event without an id gets one. Lines are counted
 * as they are sent. A line that is not a JSON object is sent unchanged: the daemon reports what is
 * wrong with it.
 */
final class EventLines extends InputStream {

  /** Maximum length of a line in bytes, far beyond what a daemon accepts. */
  private static final int MAX_LINE = 64 << 20;

  /** Observes the progress. */
  @FunctionalInterface
  interface LineProgress {

    /** Called with the number of lines sent and of bytes read from the input. */
    void at(long lines, long bytes);
  }

  private final InputStream in;
  private final IdSource ids;
  private final LineProgress progress;
  private final byte[] buffer = new byte[64 * 1024];
  private final LineSplitter lines = new LineSplitter(MAX_LINE);
  private boolean isAtEnd;
  private long lastNumber = 1;
  private byte[] line = {};
  private int lineAt;
  private long sent;
  private long bytesRead;

  /** Calls {@code progress} for every line. */
  EventLines(InputStream in, IdSource ids, LineProgress progress) {
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
    if (lineAt == line.length && !take(next())) {
      return -1;
    }
    int copied = 0;
    do {
      int part = Math.min(length - copied, line.length - lineAt);
      System.arraycopy(line, lineAt, bytes, offset + copied, part);
      lineAt += part;
      copied += part;
      // What has been read already goes too, without waiting for more.
    } while (copied < length && lineAt == line.length && take(lines.next()));
    return copied;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean take(@Nullable Line next) throws IOException {
    if (next == null) {
      return false;
    }
    if (next.isTooLong()) {
      throw new IOException("line " + next.number() + " has more than " + MAX_LINE + " bytes");
    }
    sent++;
    progress.at(sent, bytesRead);
    byte[] event =
        withId(
            Arrays.copyOfRange(next.bytes(), next.offset(), next.offset() + (int) next.length()));
    // Blank lines are sent too, so that the daemon numbers the lines as the file does.
    int lineBreaks = Math.toIntExact(next.number() - lastNumber);
    lastNumber = next.number();
    line = new byte[lineBreaks + event.length];
    Arrays.fill(line, 0, lineBreaks, (byte) '\n');
    System.arraycopy(event, 0, line, lineBreaks, event.length);
    lineAt = 0;
    return true;
  }

  private @Nullable Line next() throws IOException {
    for (Line next = lines.next(); ; next = lines.next()) {
      if (next != null || isAtEnd) {
        return next;
      }
      int length = in.read(buffer);
      if (length < 0) {
        isAtEnd = true;
        return lines.last();
      }
      bytesRead += length;
      lines.feed(buffer, 0, length);
    }
  }

  private byte[] withId(byte[] read) {
    int brace = braceOfObjectWithoutId(read);
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
