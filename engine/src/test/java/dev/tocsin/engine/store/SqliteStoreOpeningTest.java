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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
    SqliteStore.open(folder).close();
    assertThat(folder.resolve("tocsin.db")).isRegularFile();
  }

  @Test
  void aFolderThatCannotBeIsRefused() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> SqliteStore.open(file.resolve("folder")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot create the data folder " + file.resolve("folder") + ": ");
  }

  @Test
  void aFileThatCannotBeOpenedIsRefusedAndTheFolderIsFreeAgain() throws IOException {
    Path inTheWay = Files.createDirectory(parent.resolve("tocsin.db"));
    assertThatThrownBy(() -> SqliteStore.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "Cannot open " + inTheWay + ": file or folder cannot be written by this user");
    Files.delete(inTheWay);
    SqliteStore.open(parent).close();
  }

  @Test
  void aDamagedFileIsRefusedWithWhatToDo() throws IOException {
    Path file = Files.writeString(parent.resolve("tocsin.db"), "no database ".repeat(1_000));
    assertThatThrownBy(() -> SqliteStore.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(
            "Cannot open "
                + file
                + ": the file is damaged or no SQLite database; restore it from"
                + " a copy, or move it and tocsin.db-wal out of the way to start anew");
  }

  @Test
  void anotherProgramsDatabaseIsRefused() throws SQLException {
    sql(parent.resolve("tocsin.db"), "CREATE TABLE theirs (x)");
    assertThatThrownBy(() -> SqliteStore.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            parent.resolve("tocsin.db")
                + " is a database of another program. Name another data folder");
  }

  @Test
  void aNewerLayoutIsRefusedAndLeftAsItIs() throws SQLException, IOException {
    Path file = parent.resolve("tocsin.db");
    SqliteStore.open(parent).close();
    sql(file, "PRAGMA user_version = 99");
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> SqliteStore.open(parent))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            file
                + " was written by a newer version: its layout is 99, this version knows up to 2."
                + " Nothing was changed. Run the newer version, or name another data folder");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFolderIsOpenedOnceInAProcess() {
    try (Store first = SqliteStore.open(parent)) {
      assertThatThrownBy(() -> SqliteStore.open(parent))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "The data folder %s is in use by this process already. Stop that process, or name"
                      .formatted(parent)
                  + " another folder");
      first.commit(accepted(1, event("e1")));
    }
    try (Store second = SqliteStore.open(parent)) {
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
      assertThatThrownBy(() -> SqliteStore.open(parent))
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
    try (Store store = SqliteStore.open(parent)) {
      assertThat(store.lastSequence()).isGreaterThanOrEqualTo(last);
      for (long sequence : acknowledged) {
        assertThat(store.event("e" + sequence)).isEqualTo(event("e" + sequence));
        assertThat(store.firing("f" + sequence)).isNotNull();
      }
      assertThat(store.journal(last, 1_000)).hasSize((int) (store.lastSequence() - last));
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
