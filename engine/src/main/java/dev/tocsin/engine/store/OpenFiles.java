package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of an open store, and whether their paths still lead to them. A file that was deleted,
 * moved or replaced is written to as before, but its content is gone when the process ends. So a
 * commit is acknowledged only if {@link #check} succeeds after it: then at some instant after the
 * commit was on the disk, the files that have it were those at the paths.
 *
 * @param folderMark the file {@code lock}: another process may rely on it
 */
record OpenFiles(OpenFile database, OpenFile log, OpenFile folderMark) {

  /**
   * A file as it was when it was opened.
   *
   * @param identity as {@link PrivateFiles#identity} returns it
   */
  record OpenFile(Path path, Object identity) {

    /** The file at a path now. */
    static OpenFile at(Path path) {
      Object identity = identityAt(path);
      if (identity == null) {
        throw new StoreException("Cannot open " + path + ": it was deleted while it was opened");
      }
      return new OpenFile(path, identity);
    }

    boolean isInPlace() {
      return identity.equals(identityAt(path));
    }

    boolean isGone() {
      return identityAt(path) == null;
    }

    private static @Nullable Object identityAt(Path path) {
      try {
        return PrivateFiles.identity(path);
      } catch (IOException e) {
        throw new StoreException("Cannot look at " + path + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * The files of a database that is open.
   *
   * @param claimed identifies the database that this process has claimed
   * @throws StoreException if another file is in its place meanwhile
   */
  static OpenFiles of(Path database, Object claimed, Path lock) {
    OpenFiles files =
        new OpenFiles(
            new OpenFile(database, claimed),
            OpenFile.at(SqliteLog.of(database)),
            OpenFile.at(lock));
    files.check();
    return files;
  }

  /**
   * Refuses if a path does not lead to the file that is open.
   *
   * @throws StoreException that names the file, and what to do
   */
  void check() {
    for (OpenFile file : List.of(database, log, folderMark)) {
      if (!file.isInPlace()) {
        throw new StoreException(
            "%s was %s while this process has it open. Nothing is acknowledged. %s"
                .formatted(
                    file.path(),
                    file.isGone() ? "deleted or moved" : "replaced by another file",
                    advice(file)));
      }
    }
  }

  private String advice(OpenFile file) {
    if (Objects.equals(file, database)) {
      return "Move the same file back, and the daemon resumes; otherwise stop the daemon and"
          + " restore a backup: what was acknowledged is only in the open file";
    }
    if (Objects.equals(file, log)) {
      return "Stop the daemon with SIGTERM and start it again: a stop copies the content of the log"
          + " into the database";
    }
    return "Move the same file back, and the daemon resumes; otherwise stop the daemon and start it"
        + " again. Keep other programs out of the folder";
  }

  /** Whether only the log is gone: the database can take its content. */
  boolean lacksOnlyLog() {
    return database.isInPlace() && log.isGone();
  }

  /**
   * Whether SQLite may be closed. It deletes the log by its path, which must not lead to that of
   * another process, and copies its content into the database, which must not be a deleted one.
   */
  boolean mayClose() {
    return database.isInPlace() && (log.isInPlace() || log.isGone());
  }
}
