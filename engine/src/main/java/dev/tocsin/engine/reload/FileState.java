package dev.tocsin.engine.reload;

import dev.tocsin.config.AutomationFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What shows that a file has changed, without reading it. Links are followed.
 *
 * @param size in bytes
 * @param key identifies the file in its file system, so that a replaced file is another one; null
 *     if the file system has no such keys
 */
record FileState(long size, FileTime modified, @Nullable Object key) {

  private static final FileState INACCESSIBLE = new FileState(-1, FileTime.fromMillis(0), null);

  /**
   * The files of these paths, and the automation files in those that are folders; blocks. What is
   * in a folder that cannot be accessed is absent.
   */
  static Map<Path, FileState> of(List<Path> paths) {
    Map<Path, FileState> states = new TreeMap<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries.filter(AutomationFiles::isAutomationFile).forEach(file -> put(file, states));
        } catch (IOException | UncheckedIOException inaccessible) {
          // Absent: the reload that follows reports it.
        }
      } else {
        put(path, states);
      }
    }
    return states;
  }

  private static void put(Path file, Map<Path, FileState> states) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      states.put(file, new FileState(found.size(), found.lastModifiedTime(), found.fileKey()));
    } catch (IOException inaccessible) {
      // Not absent: a link to nothing is found too, and the reload that follows reports it.
      states.put(file, INACCESSIBLE);
    }
  }
}
