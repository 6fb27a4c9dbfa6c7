package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;

/** Disks that are full, lose files or spoil what they hold. */
sealed interface DiskAttack extends Attack {

  private static void sql(Life life, String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + life.data().resolve(Stores.FILE));
        Statement sql = connection.createStatement()) {
      sql.executeUpdate(statement);
    }
  }

  /** Requires that a start ends with exit code 1 and without a stack trace. */
  private static void requireRefusedStart(Life life) throws Exception {
    int lines = life.log().size();
    assertThat(life.tryStart()).as("exit code of the start").isEqualTo(1);
    assertThat(life.log().subList(lines, life.log().size()))
        .as("why it does not start")
        .isNotEmpty()
        .noneMatch(line -> line.startsWith("\tat "));
  }

  /** Nothing can be written beyond the first bytes of a file, for some seconds. */
  record FullDisk() implements DiskAttack {

    @Override
    public void strike(Life life) throws Exception {
      limit(life, "4096");
      life.require(
          Duration.ofSeconds(20),
          "a daemon that cannot write is ready",
          () -> life.get("/ready") == 503);
      life.pass(Duration.ofMillis(life.random().nextInt(3_000)));
      limit(life, "unlimited");
    }

    /** Sets the soft limit of the size of files that the process may write. */
    private static void limit(Life life, String bytes) throws IOException, InterruptedException {
      String pid = Long.toString(life.daemon().process().pid());
      Process command =
          new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":").start();
      assertThat(command.waitFor()).as("prlimit").isZero();
    }
  }

  /** The database is gone, its log is there. */
  record LostDatabase() implements DiskAttack {

    @Override
    public void strike(Life life) throws Exception {
      life.kill();
      Path database = life.data().resolve(Stores.FILE);
      Path aside = life.home().resolve("aside");
      Files.move(database, aside);
      requireRefusedStart(life);
      Files.move(aside, database);
      life.start();
    }
  }

  /** The last checkpoint is cut: the journal replaces it. */
  record CutCheckpoint() implements DiskAttack {

    @Override
    public void strike(Life life) throws Exception {
      life.terminate();
      sql(life, "UPDATE checkpoint_page SET body = substr(body, 1, length(body) / 2)");
      assertThat(Stores.admin(life.data()).check().faults()).as("store check").isNotEmpty();
      life.start();
    }
  }

  /** A row of the queue of own events that nobody can read. */
  record SpoiledFeedback() implements DiskAttack {

    @Override
    public void strike(Life life) throws Exception {
      life.kill();
      sql(
          life,
          "INSERT INTO feedback (id, body) VALUES ('" + life.nextId() + "', CAST('{' AS BLOB))");
      assertThat(Stores.admin(life.data()).check().faults()).as("store check").isNotEmpty();
      life.start();
    }
  }
}
