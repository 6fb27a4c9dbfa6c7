package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a data folder to one process. The operating system owns the lock and releases it when the
 * process ends, however it ends, so a leftover lock file never needs to be removed; its text only
 * names the owner.
 */
final class FolderLock implements AutoCloseable {

  private static final String FILE = "lock";

  /** As {@link #self} writes it; a file with another text says nothing. */
  private static final Pattern HOLDER = Pattern.compile("process \\d+, started [-\\w:. ]+");

  /**
   * Folders locked by this process. On POSIX, closing any channel of a file drops the process's
   * locks on it, so a second attempt from within must not even open the file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Locks a folder that exists.
   *
   * @throws StoreException if another process owns it, which the message names, or if the file
   *     cannot be written
   */
  static FolderLock acquire(Path folder) {
    try {
      Path real = folder.toRealPath();
      if (!HELD_HERE.add(real)) {
        throw inUse(folder, "this process already");
      }
      FileChannel channel = null;
      boolean isLocked = false;
      try {
        channel = open(real);
        isLocked = lock(channel, folder);
        return new FolderLock(real, channel);
      } finally {
        if (!isLocked) {
          release(real, channel);
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          "Cannot lock the data folder "
              + folder
              + ": "
              + reason(e)
              + ". Make it writable for this user, or name another folder",
          e);
    }
  }

  private static FileChannel open(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(FILE),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static boolean lock(FileChannel channel, Path folder) throws IOException {
    // One byte far behind the text, which stays readable if locks are mandatory.
    FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
    if (lock == null) {
      throw inUse(folder, text(channel));
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)), 0);
    return true;
  }

  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    String started = process.info().startInstant().map(Instant::toString).orElse("at unknown time");
    return "process " + process.pid() + ", started " + started;
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(200);
    int length = Math.max(0, channel.read(text, 0));
    String holder = new String(text.array(), 0, length, StandardCharsets.UTF_8).strip();
    return HOLDER.matcher(holder).matches() ? holder : "another process";
  }

  private static StoreException inUse(Path folder, String holder) {
    return new StoreException(
        "The data folder "
            + folder
            + " is in use by "
            + holder
            + ". Stop that process, or name another folder");
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException exists -> exists.getFile() + " is a file";
      case NoSuchFileException _ -> "the folder above it cannot be written";
      case FileSystemException failure when failure.getReason() != null -> failure.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void release(Path folder, @Nullable FileChannel channel) throws IOException {
    try (channel) {
      HELD_HERE.remove(folder);
    }
  }

  @Override
  public void close() {
    try {
      release(folder, channel);
    } catch (IOException e) {
      throw new StoreException("Cannot unlock " + folder.resolve(FILE) + ": " + reason(e), e);
    }
  }

  /** Creates a folder, and those above it, if they are missing. */
  static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StoreException(
          "Cannot create the data folder "
              + folder
              + ": "
              + reason(e)
              + ". Choose another with --data, or create it for this user",
          e);
    }
  }
}
