package dev.tocsin.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The write-ahead log beside a database file, looked at before SQLite does. */
final class SqliteLog {

  /** How one begins; the lowest bit is the byte order of its checksums, big-endian if set. */
  private static final int MAGIC = 0x377f0682;

  /** Length of the head in bytes; its last eight are the checksum of the others. */
  private static final int HEAD = 32;

  /** Where a database says whether it is written by way of a log: 2, or in place: 1. */
  private static final int WRITE_VERSION = 18;

  private static final int IN_PLACE = 1;

  private SqliteLog() {}

  /** The log's name, whether it is there or not. */
  static Path of(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /** Whether a process that had the file open left its log, as one that was killed does. */
  static boolean isLeft(Path file) {
    return size(file) > 0 && size(of(file)) > 0;
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new StoreException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * SQLite passes over a log that does not begin as one, and what was acknowledged in it with it.
   * One that another file has left it takes for this file's own, and writes its pages over it: so
   * it would to a backup that was put in the place of the file alone. A backup is known by not
   * having been written by way of a log yet.
   *
   * @throws StoreException for such a log; nothing was changed
   */
  static void check(Path file) {
    Path log = of(file);
    if (!Files.isRegularFile(log)) {
      return;
    }
    // Zeros are a log that was never written.
    int begin = number(log, 0, Integer.BYTES);
    if (begin == 0) {
      return;
    }
    if (!isHead(begin, log)) {
      throw new StoreException(
          "Cannot open "
              + file
              + ": its log "
              + log
              + " is damaged. Nothing was changed. Restore a backup in place of both, or move the"
              + " log away and lose its content");
    }
    if (size(file) == 0) {
      throw new StoreException(
          "Cannot open "
              + file
              + ": it is missing or empty, and its log "
              + log
              + " is there, with entries that are not in the file. Nothing was changed. Move the"
              + " same file back, or restore a backup and move the log and the -shm file away");
    }
    if (number(file, WRITE_VERSION, 1) == IN_PLACE) {
      throw new StoreException(
          "Cannot open "
              + file
              + ": it is a copy, and "
              + log
              + " is the log of the file that was there before, which would damage it. Nothing was"
              + " changed. Move the log and the -shm file away");
    }
  }

  /**
   * Whether a log begins with a head whose checksum is right. SQLite ignores a log with another
   * one, all of it.
   */
  private static boolean isHead(int begin, Path log) {
    if ((begin & ~1) != MAGIC) {
      return false;
    }
    byte[] head = bytes(log, 0, HEAD);
    if (head.length < HEAD) {
      // The process ended when it created the log: nothing is in it.
      return true;
    }
    ByteBuffer words =
        ByteBuffer.wrap(head)
            .order((begin & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int first = 0;
    int second = 0;
    while (words.position() < HEAD - 2 * Integer.BYTES) {
      first += words.getInt() + second;
      second += words.getInt() + first;
    }
    words.order(ByteOrder.BIG_ENDIAN);
    return words.getInt() == first && words.getInt() == second;
  }

  /** Of this number of bytes; 0 if the file ends before. */
  private static int number(Path file, int at, int length) {
    byte[] bytes = bytes(file, at, length);
    if (bytes.length < length) {
      return 0;
    }
    return length == 1 ? bytes[0] : ByteBuffer.wrap(bytes).getInt();
  }

  /** These bytes of a file; fewer if it ends before. */
  private static byte[] bytes(Path file, int at, int length) {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.min(at, Files.size(file)));
      return in.readNBytes(length);
    } catch (IOException e) {
      throw new StoreException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
