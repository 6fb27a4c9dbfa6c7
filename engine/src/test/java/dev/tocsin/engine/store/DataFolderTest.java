package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a data folder: whose they are, and what becomes of a store that loses them. */
class DataFolderTest {

  private static final Alive MARK = new Alive(Instant.EPOCH, Instant.EPOCH, 1, false);

  @TempDir private Path parent;

  private Path folder() {
    return parent.resolve("data");
  }

  private Path file(String name) {
    return folder().resolve(name);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void onlyTheOwnerMayReadWhatTheStoreCreates() throws IOException {
    try (Store store = Stores.open(folder())) {
      store.commit(accepted(1, event("e1")));
      store.markAlive(MARK);
      assertThat(mode(folder())).isEqualTo("rwx------");
      for (String name :
          new String[] {"tocsin.db", "tocsin.db-wal", "tocsin.db-shm", "lock", "alive"}) {
        assertThat(mode(file(name))).as(name).isEqualTo("rw-------");
      }
    }
    Path imported = parent.resolve("imported");
    try (StoreImport target = Stores.admin(imported).importer()) {
      target.finish();
    }
    assertThat(mode(imported.resolve("tocsin.db"))).isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "tocsin.db"})
  void aLinkIsNotFollowed(String name) throws IOException {
    Path target = Files.writeString(parent.resolve("theirs"), "theirs");
    Files.createDirectory(folder());
    Files.createSymbolicLink(file(name), target);
    assertThatThrownBy(() -> Stores.open(folder()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file(name) + " is not a regular file; a link is not followed");
    assertThat(target).hasContent("theirs");
  }

  @Test
  void aMarkThatIsALinkIsNotFollowed() throws IOException {
    Path target = Files.writeString(parent.resolve("theirs"), "theirs");
    try (Store store = Stores.open(folder())) {
      Files.createSymbolicLink(file("alive"), target);
      assertThat(store.alive()).isNull();
      assertThatThrownBy(() -> store.markAlive(MARK))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is not a regular file");
      assertThat(target).hasContent("theirs");
    }
  }

  @Test
  void aMarkOfAnySizeOrKindIsRead() throws Exception {
    try (Store store = Stores.open(folder())) {
      store.markAlive(MARK);
      assertThat(store.alive()).isEqualTo(MARK);
      try (RandomAccessFile large = new RandomAccessFile(file("alive").toFile(), "rw")) {
        large.setLength(3L << 30);
        large.write(0);
      }
      assertThat(store.alive()).isNull();
      Files.delete(file("alive"));
      assertThat(new ProcessBuilder("mkfifo", file("alive").toString()).start().waitFor()).isZero();
      assertThat(store.alive()).isNull();
    }
  }

  /** Another process is refused, whichever way it comes to the database. */
  @Test
  void aDatabaseBelongsToOneProcessUnderEveryName() throws Exception {
    SmallDisk disk = new SmallDisk(200);
    try (Store store = disk.open(folder())) {
      store.commit(accepted(1, event("e1")));
      Path linked = Files.createDirectory(parent.resolve("linked"));
      Files.createLink(linked.resolve("tocsin.db"), file("tocsin.db"));
      String claimed =
          "The database "
              + linked.resolve("tocsin.db")
              + " is in use by another process, which has it under another name";
      assertThat(OpenOnce.printed(linked)).startsWith(claimed);
      assertThatThrownBy(() -> Stores.open(linked)).hasMessageStartingWith(claimed);
      Path byLink = Files.createSymbolicLink(parent.resolve("link"), folder());
      assertThat(OpenOnce.printed(byLink)).contains(" is in use by process ");
      Files.delete(file("lock"));
      assertThat(OpenOnce.printed(folder())).contains("whose file lock was removed");
      Path moved = Files.move(folder(), parent.resolve("moved"));
      assertThat(OpenOnce.printed(moved)).contains(" is in use by ");
      Files.move(moved, folder());
    }
    assertThat(OpenOnce.printed(folder())).isEqualTo("opened");
  }

  @Test
  void aWriterThatIsRenewedKeepsTheClaim() throws Exception {
    SmallDisk disk = new SmallDisk(60);
    try (Store store = disk.open(folder())) {
      assertThatThrownBy(
              () -> {
                for (int i = 1; i < 1_000; i++) {
                  store.commit(accepted(i, event("e" + i)));
                }
              })
          .hasMessageContaining("the disk is full");
      disk.makeRoom();
      store.commit(accepted(2_000, event("last")));
      Path linked = Files.createDirectory(parent.resolve("linked"));
      Files.createLink(linked.resolve("tocsin.db"), file("tocsin.db"));
      assertThat(OpenOnce.printed(linked)).contains("is in use by another process");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tocsin.db", "tocsin.db-wal", "lock"})
  void nothingIsWrittenWhileAFileIsGoneAndAgainOnceItIsBack(String name) throws IOException {
    try (Store store = Stores.open(folder())) {
      store.commit(accepted(1, event("e1")));
      Path away = Files.move(file(name), parent.resolve("away"));
      String message = file(name) + " was deleted or moved while this process has it open.";
      assertThatThrownBy(() -> store.commit(accepted(2, event("e2"))))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith(message);
      assertThatThrownBy(() -> store.markAlive(MARK)).hasMessageStartingWith(message);
      assertThat(file("alive")).doesNotExist();
      Files.writeString(file(name), "another");
      assertThatThrownBy(store::check)
          .hasMessageStartingWith(file(name) + " was replaced by another file while");
      Files.delete(file(name));
      Files.move(away, file(name));
      store.check();
      store.commit(accepted(2, event("e2")));
    }
    try (Store store = Stores.open(folder())) {
      assertThat(store.lastSequence()).isEqualTo(2);
    }
  }

  /** SQLite deletes the log by its path when it is closed; by then that may be another's. */
  @Test
  void aStoreWhoseFolderWasMovedLeavesTheNextOneAlone() throws IOException {
    Path moved = parent.resolve("moved");
    Path log = file("tocsin.db-wal");
    Store next;
    Object written;
    try (Store old = Stores.open(folder())) {
      old.commit(accepted(1, event("old")));
      Files.move(folder(), moved);
      next = Stores.open(folder());
      next.commit(accepted(1, event("next")));
      assertThatThrownBy(() -> old.markAlive(MARK)).isInstanceOf(StoreException.class);
      assertThat(file("alive")).doesNotExist();
      written = PrivateFiles.identity(log);
    }
    try (next) {
      assertThat(PrivateFiles.identity(log)).isEqualTo(written);
      next.commit(accepted(2, event("more")));
    }
    try (Store later = Stores.open(folder())) {
      assertThat(later.event("next")).isNotNull();
      assertThat(later.event("more")).isNotNull();
    }
  }

  @Test
  void aLogThatIsDeletedIsCopiedIntoTheDatabaseBeforeAKillCouldLoseIt() throws IOException {
    try (Store store = Stores.open(folder())) {
      for (int i = 1; i <= 25; i++) {
        store.commit(accepted(i, event("e" + i)));
      }
      Files.delete(file("tocsin.db-wal"));
      assertThatThrownBy(store::check).hasMessageContaining("was deleted");
      Path killed = Files.createDirectory(parent.resolve("killed"));
      Files.copy(file("tocsin.db"), killed.resolve("tocsin.db"));
      try (Store next = Stores.open(killed)) {
        assertThat(next.lastSequence()).isEqualTo(25);
      }
    }
    try (Store next = Stores.open(folder())) {
      assertThat(next.lastSequence()).isEqualTo(25);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLogWithoutItsDatabaseIsRefused(boolean isMissing) throws IOException {
    byte[] log;
    try (Store store = Stores.open(folder())) {
      store.commit(accepted(1, event("e1")));
      log = Files.readAllBytes(file("tocsin.db-wal"));
    }
    Files.delete(file("tocsin.db"));
    if (!isMissing) {
      Files.createFile(file("tocsin.db"));
    }
    Files.write(file("tocsin.db-wal"), log);
    assertThatThrownBy(() -> Stores.open(folder()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "Cannot open " + file("tocsin.db") + ": it is missing or empty, and its log");
    assertThat(file("tocsin.db-wal")).hasBinaryContent(log);
    assertThat(Files.exists(file("tocsin.db"))).isEqualTo(!isMissing);
  }

  /** As a disk that fails to read for a while; SQLite reports that as damage. */
  @Test
  void whatCanBeReadAgainWasNotDamaged() throws IOException {
    try (Store store = Stores.open(folder())) {
      for (int i = 1; i <= 100; i++) {
        store.commit(accepted(i, event("e" + i)));
      }
    }
    try (Store store = Stores.open(folder())) {
      byte[] sound = Files.readAllBytes(file("tocsin.db"));
      byte[] bytes = sound.clone();
      Arrays.fill(bytes, 4_096, bytes.length, (byte) 0x5a);
      Files.write(file("tocsin.db"), bytes);
      assertThatThrownBy(() -> store.entries(0, 1_000)).hasMessageContaining("damaged");
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> store.commit(accepted(101, event("e101"))))
            .hasMessageStartingWith("Reads and writes of " + file("tocsin.db") + " have stopped");
      }
      Files.write(file("tocsin.db"), sound);
      assertThat(store.entries(0, 1_000)).hasSize(100);
      store.commit(accepted(101, event("e101")));
      assertThat(Stores.admin(folder()).check().faults()).isEmpty();
    }
  }
}
