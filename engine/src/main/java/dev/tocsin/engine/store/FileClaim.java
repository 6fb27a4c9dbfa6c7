package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The right of one process to a file: a lock of the operating system on the file itself, so that
 * its name does not matter. A symbolic link, a hard link, a bind mount or a new name leads to the
 * same lock. The lock ends with the process, however it ends.
 *
 * <p>The lock is on one byte far beyond any content. SQLite locks other bytes of a database, so the
 * two never meet, and other processes may still read.
 *
 * <p>POSIX drops all locks of a process on a file as soon as the process closes <em>any</em>
 * descriptor of it. So this process does not open a file again that it has claimed; a claimed
 * database is opened by SQLite alone. SQLite takes care of the same rule: it drops all locks, and
 * closes descriptors, only when none of its connections has a lock any more. In WAL mode each
 * connection has one from its first read until it is closed. So the claim is renewed once the first
 * connection has read in WAL mode, and holds from then on while one such connection is open.
 */
final class FileClaim implements AutoCloseable {

  /** Far beyond the content, which stays readable if locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final int MAX_TEXT = 200;

  /** The holder, if it is this process. */
  static final String THIS_PROCESS = "this process already";

  /** The files claimed by this process, by identity. Guarded by its own monitor. */
  private static final Set<Object> HELD_HERE = new HashSet<>();

  private final Object identity;
  private final FileChannel channel;
  private FileLock lock;

  private FileClaim(Object identity, FileChannel channel, FileLock lock) {
    this.identity = identity;
    this.channel = channel;
    this.lock = lock;
  }

  /** Another process has claimed the file, or this process has. */
  static final class HeldException extends Exception {

    private static final long serialVersionUID = 1L;

    private HeldException(String holder) {
      super(holder);
    }

    /** The first characters of the file, or {@link #THIS_PROCESS}. */
    String holder() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Claims a regular file, which is created if it is missing.
   *
   * @throws HeldException if it is claimed
   * @throws IOException if it cannot be opened, or is a link, a pipe or a device
   */
  static FileClaim acquire(Path file) throws IOException, HeldException {
    synchronized (HELD_HERE) {
      Object known = PrivateFiles.identity(file);
      if (known != null && HELD_HERE.contains(known)) {
        throw new HeldException(THIS_PROCESS);
      }
      FileChannel channel = PrivateFiles.open(file);
      boolean isClaimed = false;
      try {
        FileLock lock = lock(channel);
        Object identity = PrivateFiles.identity(file);
        if (identity == null) {
          throw new IOException(file + " was deleted while it was opened");
        }
        HELD_HERE.add(identity);
        isClaimed = true;
        return new FileClaim(identity, channel, lock);
      } finally {
        if (!isClaimed) {
          channel.close();
        }
      }
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException, HeldException {
    FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
    if (lock == null) {
      throw new HeldException(text(channel));
    }
    return lock;
  }

  /**
   * Takes the lock of a database again, since SQLite has dropped it while no connection had read.
   *
   * @throws HeldException if another process has taken it meanwhile
   */
  void renew() throws IOException, HeldException {
    lock.release();
    lock = lock(channel);
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_TEXT);
    int length = Math.max(0, channel.read(text, 0));
    return new String(text.array(), 0, length, StandardCharsets.UTF_8).strip();
  }

  /** Replaces the content of the file. */
  void write(String text) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  /** What identifies the file, as {@link PrivateFiles#identity} returns it. */
  Object identity() {
    return identity;
  }

  /** Ends the claim. Of a database all connections must be closed. */
  @Override
  public void close() throws IOException {
    synchronized (HELD_HERE) {
      HELD_HERE.remove(identity);
      channel.close();
    }
  }
}
