package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of a data folder as they are found: a log with a flipped bit, a folder for reading only.
 */
class StoreFilesTest {

  @TempDir private Path parent;

  /** A store in a folder, as a process that was killed leaves it: with its log. */
  private Path killed(Path folder) throws IOException {
    Path left = Files.createDirectories(folder);
    try (Store store = Stores.open(parent.resolve("running"))) {
      for (int i = 1; i <= 20; i++) {
        store.commit(accepted(i, event("e" + i)));
      }
      for (String file : new String[] {Stores.FILE, Stores.FILE + "-wal"}) {
        Files.copy(parent.resolve("running").resolve(file), left.resolve(file));
      }
    }
    return left;
  }

  @Test
  void anyFlippedBitInTheHeadOfTheLogIsFound() throws IOException {
    Path folder = killed(parent.resolve("killed"));
    Path log = folder.resolve(Stores.FILE + "-wal");
    byte[] good = Files.readAllBytes(log);
    for (int bit = 0; bit < 32 * Byte.SIZE; bit++) {
      byte[] bytes = good.clone();
      bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      Files.write(log, bytes);
      assertThatThrownBy(() -> Stores.open(folder))
          .as("bit %d", bit)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("its log " + log + " is damaged. Nothing was changed");
      assertThat(log).hasBinaryContent(bytes);
    }
    Files.write(log, good);
    try (Store store = Stores.open(folder)) {
      assertThat(store.lastSequence()).isEqualTo(20);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenCanBeChecked() throws IOException {
    Path folder = parent.resolve("stopped");
    try (Store store = Stores.open(folder)) {
      store.commit(accepted(1, event("e1")));
    }
    // Nobody can create this file now.
    Files.createDirectory(folder.resolve(Stores.FILE + "-shm"));
    StoreAdmin admin = Stores.admin(folder);
    assertThat(admin.check()).isEqualTo(new StoreCheck(1, List.of()));
    assertThat(admin.info().last()).isEqualTo(1);
    try (StoredJournal journal = admin.journal()) {
      assertThat(journal.after(0, 10)).hasSize(1);
    }
    Path withLog = killed(parent.resolve("killed"));
    Files.createDirectory(withLog.resolve(Stores.FILE + "-shm"));
    assertThat(Stores.admin(withLog).check()).isEqualTo(new StoreCheck(20, List.of()));
  }
}
