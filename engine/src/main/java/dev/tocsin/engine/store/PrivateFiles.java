package dev.tocsin.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files of a data folder, which only their owner may read: folders are created with mode 0700,
 * files with 0600. A symbolic link is never followed, and a pipe or a device never opened.
 */
final class PrivateFiles {

  private static final boolean HAS_MODES =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private PrivateFiles() {}

  /** Creates a folder, and those above it, if they are missing. */
  static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, mode("rwx------"));
  }

  /** Opens a regular file to read and write; creates it if it is missing. */
  static FileChannel open(Path file) throws IOException {
    requireRegular(file);
    return FileChannel.open(
        file,
        Set.<OpenOption>of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        mode("rw-------"));
  }

  /** Opens a regular file that exists to read. */
  static FileChannel openToRead(Path file) throws IOException {
    requireRegular(file);
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opening a pipe would wait for its other end. */
  private static void requireRegular(Path file) throws IOException {
    BasicFileAttributes found = attributes(file);
    if (found != null && !found.isRegularFile()) {
      throw new IOException(file + " is not a regular file; a link is not followed");
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /**
   * What identifies the file at a path, however it is named: its device and inode. Null if there is
   * none; where the file system has no such key, its real path.
   */
  static @Nullable Object identity(Path file) throws IOException {
    BasicFileAttributes found = attributes(file);
    if (found == null) {
      return null;
    }
    Object key = found.fileKey();
    return key == null ? file.toRealPath(LinkOption.NOFOLLOW_LINKS) : key;
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return HAS_MODES
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
