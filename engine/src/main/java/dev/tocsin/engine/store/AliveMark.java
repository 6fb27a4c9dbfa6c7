package dev.tocsin.engine.store;

import dev.tocsin.wire.Rfc3339;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * A small file that says up to when the engine was alive. It is written in place and left to the
 * operating system: it survives a kill of the process, and after a loss of power it may be older or
 * unreadable, which only makes the time longer that the engine then counts as blind.
 */
final class AliveMark {

  /** Its name in the data folder. */
  static final String FILE = "alive";

  private static final String RUNNING = "running";
  private static final String STOPPED = "stopped";

  /** Longer than any mark. */
  private static final int MAX_TEXT = 200;

  private final Path file;

  AliveMark(Path file) {
    this.file = file;
  }

  /** The last mark, or null if there is none that can be read. */
  @Nullable Alive read() {
    try (FileChannel channel = PrivateFiles.openToRead(file)) {
      ByteBuffer text = ByteBuffer.allocate(MAX_TEXT);
      int length = Math.max(0, channel.read(text, 0));
      String line = new String(text.array(), 0, length, StandardCharsets.US_ASCII);
      String[] parts = line.strip().split(" ", -1);
      return parts.length == 4
          ? new Alive(
              Rfc3339.parse(parts[0]),
              Rfc3339.parse(parts[1]),
              Long.parseLong(parts[2]),
              parts[3].equals(STOPPED))
          : null;
    } catch (IOException | DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  void write(Alive alive) {
    // Each line has the same length, so that a later one leaves nothing of an earlier one.
    String end = alive.stopped() ? STOPPED : RUNNING;
    byte[] line =
        "%-100s%n"
            .formatted(alive.instant() + " " + alive.host() + " " + alive.sequence() + " " + end)
            .getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel = PrivateFiles.open(file)) {
      channel.write(ByteBuffer.wrap(line), 0);
    } catch (IOException e) {
      throw new StoreException(
          "Cannot write " + file + ": " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
    }
  }
}
