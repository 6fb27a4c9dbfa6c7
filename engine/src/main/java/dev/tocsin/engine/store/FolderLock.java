package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps a data folder to one process: a claim on its file {@code lock}, whose text names the owner,
 * and one on the database itself. The first serves an understandable refusal, and holds before
 * there is a database. The second holds whatever happens to the first, and under every other name
 * of the database. A leftover lock file never needs to be removed.
 */
final class FolderLock implements AutoCloseable {

  private static final String FILE = "lock";

  /** As {@link #self} writes it; a file with another text says nothing. */
  private static final Pattern HOLDER = Pattern.compile("process \\d+, started [-\\w:. ]+");

  private final Path folder;
  private final Path file;
  private final List<FileClaim> claims = new ArrayList<>();

  private FolderLock(Path folder, Path file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * Locks a folder that exists.
   *
   * @throws StoreException if another process owns it, which the message names, or if the file
   *     cannot be written
   */
  static FolderLock acquire(Path folder) {
    Path file = folder.toAbsolutePath().normalize().resolve(FILE);
    FolderLock lock = new FolderLock(folder, file);
    try {
      FileClaim claim = FileClaim.acquire(file);
      lock.claims.add(claim);
      claim.write(self());
      return lock;
    } catch (FileClaim.HeldException held) {
      throw new StoreException(
          "The data folder "
              + folder
              + " is in use by "
              + named(held.holder())
              + ". Stop that process, or name another folder",
          held);
    } catch (IOException e) {
      StoreException failure =
          new StoreException(
              "Cannot lock the data folder "
                  + folder
                  + ": "
                  + reason(e)
                  + ". Make it writable for this user, or name another folder",
              e);
      throw closed(lock, failure);
    }
  }

  /**
   * Claims a database too, which is created empty if it is missing. From now on only SQLite may
   * open it in this process.
   *
   * @throws StoreException if a process has claimed it under another name, or it is not a file
   */
  FileClaim claim(Path database) {
    try {
      FileClaim claim = FileClaim.acquire(database);
      claims.add(claim);
      return claim;
    } catch (FileClaim.HeldException held) {
      throw inUse(database, held);
    } catch (IOException e) {
      throw new StoreException(
          "Cannot open "
              + database
              + ": "
              + reason(e)
              + ". The database must be a file that this user can write, in a folder that this user"
              + " can write",
          e);
    }
  }

  /**
   * Makes sure of a claim once a connection has read.
   *
   * @throws StoreException if another process has claimed it meanwhile
   */
  static void renew(FileClaim claim, Path database) {
    try {
      claim.renew();
    } catch (FileClaim.HeldException held) {
      throw inUse(database, held);
    } catch (IOException e) {
      throw new StoreException("Cannot lock " + database + ": " + reason(e), e);
    }
  }

  private static StoreException inUse(Path database, FileClaim.HeldException held) {
    return new StoreException(
        "The database "
            + database
            + " is in use by another process, which has it under another name (a link or a mount)"
            + " or whose file lock was removed. Stop that process, or name another folder",
        held);
  }

  /** The file that is locked. */
  Path file() {
    return file;
  }

  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    String started = process.info().startInstant().map(Instant::toString).orElse("at unknown time");
    return "process " + process.pid() + ", started " + started;
  }

  private static String named(String holder) {
    return holder.equals(FileClaim.THIS_PROCESS) || HOLDER.matcher(holder).matches()
        ? holder
        : "another process";
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

  private static StoreException closed(FolderLock lock, StoreException failure) {
    try {
      lock.close();
    } catch (StoreException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Unlocks the folder. All connections to the database must be closed. */
  @Override
  public void close() {
    try {
      for (FileClaim claim : claims.reversed()) {
        claim.close();
      }
    } catch (IOException e) {
      throw new StoreException("Cannot unlock " + folder + ": " + reason(e), e);
    }
  }

  /** Creates a folder, and those above it, if they are missing. */
  static void create(Path folder) {
    try {
      PrivateFiles.createFolder(folder);
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
