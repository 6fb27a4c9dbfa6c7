package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreOpeningTest {

  @TempDir private Path parent;

  private static void sql(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
  }

  @Test
  void aMissingFolderIsCreatedWithThoseAboveIt() {
    Path folder = parent.resolve("a/b/c");
    Stores.open(folder).close();
    assertThat(folder.resolve("tocsin.db")).isRegularFile();
  }

  @Test
  void aFolderThatCannotBeIsRefused() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> Stores.open(file.resolve("folder")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot create the data folder " + file.resolve("folder") + ": ");
  }

  @Test
  void aFileThatCannotBeOpenedIsRefusedAndTheFolderIsFreeAgain() throws IOException {
    Path inTheWay = Files.createDirectory(parent.resolve("tocsin.db"));
    assertThatThrownBy(() -> Stores.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "Cannot open " + inTheWay + ": " + inTheWay + " is not a regular file");
    Files.delete(inTheWay);
    Stores.open(parent).close();
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedWithWhatToDo() throws IOException {
    Path file = Files.writeString(parent.resolve("tocsin.db"), "no database ".repeat(1_000));
    assertRefusedAndUntouched(
        file,
        "Cannot open "
            + file
            + ": the file is damaged or not a SQLite database. Run 'tocsin store check' for"
            + " details, move the file, its -wal and its -shm away, and restore a backup");
  }

  @Test
  void aNewerVersionsFileThatWasLeftWithItsLogIsRefusedAndUntouched() throws Exception {
    Path file = filled();
    Path log = parent.resolve("tocsin.db-wal");
    byte[] database;
    byte[] left;
    try (Connection newer = SqliteConnections.connect(file, false);
        Statement statement = newer.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
      database = Files.readAllBytes(file);
      left = Files.readAllBytes(log);
    }
    Files.write(file, database);
    Files.write(log, left);
    assertThat(left).isNotEmpty();
    assertRefusedAndUntouched(file, file + " was written by another version, with other tables");
    assertThat(log).hasBinaryContent(left);
  }

  @Test
  void aBackupBesideTheLogOfTheFileBeforeIsRefused() throws IOException {
    Path file = filled();
    Path log = parent.resolve("tocsin.db-wal");
    Path backup = parent.resolve("backup.db");
    Stores.admin(parent).backup(backup);
    byte[] left;
    try (Store store = Stores.open(parent)) {
      store.commit(accepted(101, event("e101")));
      left = Files.readAllBytes(log);
    }
    Files.write(log, left);
    Files.copy(backup, file, StandardCopyOption.REPLACE_EXISTING);
    String message =
        "Cannot open %s: it is a copy, and %s is the log of the file that was there before"
            .formatted(file, log);
    assertThatThrownBy(() -> Stores.admin(parent).check()).hasMessageStartingWith(message);
    assertRefusedAndUntouched(file, message);
    Files.delete(file);
    assertThatThrownBy(() -> Stores.admin(parent).importer())
        .hasMessageStartingWith(log + " is the log of a store that was here");
    Files.copy(backup, file);
    Files.delete(log);
    try (Store store = Stores.open(parent)) {
      assertThat(store.lastSequence()).isEqualTo(100);
      store.commit(accepted(101, event("e101")));
      assertThat(Files.size(log)).isPositive();
      assertThat(Stores.admin(parent).check().faults()).isEmpty();
    }
  }

  /** A store with a few pages of events, all in its file. */
  private Path filled() {
    try (Store store = Stores.open(parent)) {
      for (int i = 1; i <= 100; i++) {
        store.commit(accepted(i, event("e" + i)));
      }
    }
    return parent.resolve("tocsin.db");
  }

  private void assertRefusedAndUntouched(Path file, String message) throws IOException {
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> Stores.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(message);
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aDamagedHeaderIsRefused() throws IOException {
    Path file = filled();
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 0, 100, (byte) 0x5a);
    Files.write(file, bytes);
    assertRefusedAndUntouched(file, "Cannot open " + file + ": the file is damaged");
  }

  @Test
  void aFileThatWasCutIsRefused() throws IOException {
    Path file = filled();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertRefusedAndUntouched(file, "Cannot open " + file + ": the file is damaged");
  }

  @Test
  void aLogThatIsNoneIsRefused() throws IOException {
    Path file = filled();
    Path log = parent.resolve("tocsin.db-wal");
    Files.writeString(log, "garbage".repeat(10_000));
    assertRefusedAndUntouched(
        log, "Cannot open " + file + ": its log " + log + " is damaged. Nothing was changed.");
    Files.delete(log);
    Stores.open(parent).close();
  }

  @Test
  void onceDamageIsMetNothingMoreIsAcknowledged() throws IOException {
    Path file = filled();
    try (Store store = Stores.open(parent)) {
      assertThat(store.lastSequence()).isEqualTo(100);
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, 4_096, bytes.length, (byte) 0x5a);
      Files.write(file, bytes);
      assertThatThrownBy(() -> store.entries(0, 1_000))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Cannot read from " + file + ": the file is damaged");
      assertThatThrownBy(() -> store.commit(accepted(101, event("e101"))))
          .hasMessageStartingWith("Reads and writes of " + file);
      assertThatThrownBy(store::lastSequence).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void aLockThatCannotBeWrittenIsSaid() throws IOException {
    Path lock = Files.createDirectory(parent.resolve("lock"));
    assertThatThrownBy(() -> Stores.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot lock the data folder " + parent + ": ")
        .hasMessageEndingWith("Make it writable for this user, or name another folder");
    Files.delete(lock);
    Stores.open(parent).close();
  }

  @Test
  void aLockFileThatWasLeftBehindIsNoLock() throws IOException {
    String running = "process " + ProcessHandle.current().pid() + ", started 2020-01-01T00:00:00Z";
    for (String text : List.of("process 1, started 2020-01-01T00:00:00Z", running, "\0junk", "")) {
      Files.writeString(parent.resolve("lock"), text);
      Stores.open(parent).close();
    }
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws SQLException {
    sql(parent.resolve("tocsin.db"), "CREATE TABLE theirs (x)");
    assertThatThrownBy(() -> Stores.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            parent.resolve("tocsin.db")
                + " is not a database of this program. Use another data directory");
  }

  @Test
  void otherTablesAreRefusedAndLeftAsTheyAre() throws SQLException, IOException {
    Path file = parent.resolve("tocsin.db");
    Stores.open(parent).close();
    String message =
        file
            + " was written by another version, with other tables. Nothing was changed. Start with"
            + " another data directory, or export its events with the version that wrote it and"
            + " import them";
    sql(file, "UPDATE layout SET hash = 'other'");
    assertRefusedAndUntouched(file, message);
    assertThatThrownBy(() -> Stores.admin(parent).journal()).hasMessage(message);
    sql(file, "UPDATE layout SET hash = '" + SqliteSchema.HASH + "'", "PRAGMA user_version = 99");
    assertRefusedAndUntouched(file, message);
  }

  @Test
  void aFolderIsOpenedOnceInAProcess() {
    try (Store first = Stores.open(parent)) {
      assertThatThrownBy(() -> Stores.open(parent))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "The data folder %s is in use by this process already. Stop that process, or name"
                      .formatted(parent)
                  + " another folder");
      first.commit(accepted(1, event("e1")));
    }
    try (Store second = Stores.open(parent)) {
      assertThat(second.lastSequence()).isEqualTo(1);
    }
  }

  @Test
  void whatWasAcknowledgedSurvivesAKillAndTheFolderIsTheKilledOnesUntilThen() throws Exception {
    Process child = startChild(parent);
    List<Long> acknowledged = new ArrayList<>();
    try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
      while (acknowledged.size() < 50) {
        acknowledged.add(Long.valueOf(lines.readLine()));
      }
      assertThatThrownBy(() -> Stores.open(parent))
          .isInstanceOf(StoreException.class)
          .hasMessageMatching(
              "The data folder .* is in use by process %d, started [-0-9T:.]+Z\\. .*"
                  .formatted(child.pid()));
      // Not by the process itself, which would close the pipe with what is still in it.
      child.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(Long.valueOf(line));
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    long last = acknowledged.getLast();
    try (Store store = Stores.open(parent)) {
      assertThat(store.lastSequence()).isGreaterThanOrEqualTo(last);
      for (long sequence : acknowledged) {
        assertThat(store.event("e" + sequence)).isEqualTo(event("e" + sequence));
        assertThat(store.firing("f" + sequence)).isNotNull();
      }
      assertThat(store.entries(last, 1_000)).hasSize((int) (store.lastSequence() - last));
      assertThat(store.pendingCount()).isEqualTo(store.lastSequence());
    }
  }

  private static Process startChild(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            CommitUntilKilled.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
