package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Copies of a store, made while its daemon runs. */
final class SqliteBackup {

  private SqliteBackup() {}

  /**
   * Writes the state of the store at one instant to a new file, which has its name only once it is
   * whole and on the disk. As {@value Stores#FILE} in an empty folder it is a store. Nothing is
   * locked; the daemon's log grows until the copy is done.
   *
   * @throws StoreException if the file exists already, or one of the two cannot be read or written
   */
  static void write(Path folder, Path target) {
    if (Files.exists(target)) {
      throw exists(target);
    }
    try (StoredFile file = StoredFile.open(folder)) {
      Path parent = target.toAbsolutePath().normalize().getParent();
      if (parent == null) {
        throw new StoreException("Cannot write to " + target + ": not a file");
      }
      Path part = Files.createTempFile(parent, target.getFileName() + ".", ".part");
      try {
        file.read(connection -> copy(connection, part));
        DurableFiles.moveNew(part, target);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(target);
    } catch (IOException e) {
      throw new StoreException(
          "Cannot write to " + target + ": " + e.getClass().getSimpleName() + " " + e.getMessage(),
          e);
    }
  }

  private static StoreException exists(Path target) {
    return new StoreException(target + " already exists. Choose another name");
  }

  private static Path copy(Connection connection, Path part) throws SQLException {
    // The copy of a file that keeps its free pages returns them to the disk from now on.
    if (SqliteSize.pragma(connection, "auto_vacuum") == 0) {
      try (Statement pragma = connection.createStatement()) {
        pragma.execute("PRAGMA auto_vacuum = INCREMENTAL");
      }
    }
    try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, part.toString());
      vacuum.executeUpdate();
    }
    return part;
  }

  /** Files that are there whole or not at all. */
  static final class DurableFiles {

    private DurableFiles() {}

    /** Gives a finished file its name, which no other may have, and flushes both to the disk. */
    static void moveNew(Path part, Path target) throws IOException {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      Path parent = target.toAbsolutePath().getParent();
      if (parent != null) {
        try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
          folder.force(true);
        }
      }
    }
  }
}
