package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.DaemonProcess;
import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** People and programs that change the data folder of a running daemon. */
sealed interface FolderAttack extends Attack {

  /** The time in which a daemon must notice that its files are not there. */
  Duration NOTICE = Duration.ofSeconds(10);

  /** Requires that it acknowledges nothing, and that its log names an error. */
  private static void requireRefusal(Life life, int linesBefore) throws Exception {
    life.require(NOTICE, "a daemon without its files is ready", () -> life.get("/ready") == 503);
    assertThat(acknowledges(() -> life.post(life.event(life.nextId(), "attack.refused", "", ""))))
        .as("a daemon without its files acknowledges an event")
        .isFalse();
    List<String> log = life.log();
    assertThat(log.subList(linesBefore, log.size()))
        .as("the log of a daemon without its files")
        .anyMatch(line -> line.contains(" ERROR "));
  }

  private static boolean acknowledges(Callable<Integer> post) throws Exception {
    try {
      return post.call() == 204;
    } catch (IOException unanswered) {
      return false;
    }
  }

  /** Moves the files of the store whose names end so to another folder. */
  private static void moveStore(Path from, Path to, String ending) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(Stores.FILE) && name.endsWith(ending)) {
          Files.move(file, to.resolve(name));
        }
      }
    }
  }

  /** The files of the store, or only its log, are moved away under the daemon. */
  record StoreMovedAway() implements FolderAttack {

    @Override
    public void strike(Life life) throws Exception {
      int lines = life.log().size();
      Path away = life.home().resolve("away-" + life.nextId());
      life.neighbour().ask(null, false);
      moveStore(life.data(), away, life.random().nextBoolean() ? "" : "-wal");
      requireRefusal(life, lines);
      life.kill();
      moveStore(away, life.data(), "");
      life.start();
    }
  }

  /** Everything in the folder is deleted under the daemon; later a copy is put in its place. */
  record FolderEmptied() implements FolderAttack {

    @Override
    public void strike(Life life) throws Exception {
      life.terminate();
      Path copy = life.home().resolve("emptied-" + life.nextId());
      DaemonProcess.copy(life.data(), copy);
      int lines = life.log().size();
      life.startAlone();
      try (Stream<Path> files = Files.list(life.data())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      requireRefusal(life, lines);
      life.kill();
      try (Stream<Path> files = Files.list(life.data())) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(life.data());
      Files.move(copy, life.data());
      life.start();
    }
  }

  /** A second daemon on the same store, once somebody has removed the lock or made a way around. */
  record SecondDaemon() implements FolderAttack {

    private enum Way {
      LOCK_REMOVED,
      LOCK_REPLACED,
      SYMLINKED_FOLDER,
      SYMLINKED_FILE,
      HARD_LINKED_FILE
    }

    @Override
    public void strike(Life life) throws Exception {
      Way way = Way.values()[life.random().nextInt(Way.values().length)];
      Path folder = way(life, way);
      DaemonProcess second = life.startOther(folder);
      URI served = Life.addressOf(second);
      assertThat(served == null || !bothAcknowledge(life, served))
          .as("two daemons acknowledge (%s)", way)
          .isTrue();
      if (served == null) {
        assertThat(second.process().waitFor()).as("exit code of the second").isEqualTo(1);
      }
      second.close();
      life.kill();
      life.start();
    }

    private static Path way(Life life, Way way) throws IOException {
      Path data = life.data();
      Path other = life.home().resolve("way-" + life.nextId());
      switch (way) {
        case LOCK_REMOVED -> Files.delete(data.resolve("lock"));
        case LOCK_REPLACED -> {
          Files.delete(data.resolve("lock"));
          Files.createFile(data.resolve("lock"));
        }
        case SYMLINKED_FOLDER -> Files.createSymbolicLink(other, data);
        case SYMLINKED_FILE ->
            Files.createSymbolicLink(
                Files.createDirectory(other).resolve(Stores.FILE), data.resolve(Stores.FILE));
        case HARD_LINKED_FILE ->
            Files.createLink(
                Files.createDirectory(other).resolve(Stores.FILE), data.resolve(Stores.FILE));
      }
      return Files.exists(other) ? other : data;
    }

    private static boolean bothAcknowledge(Life life, URI second) throws Exception {
      boolean both = false;
      for (int i = 0; i < 10; i++) {
        String own = life.nextId();
        String others = life.nextId();
        boolean first = acknowledges(() -> life.post(life.event(own, "attack.first", "", ""), own));
        both |=
            first
                && acknowledges(
                    () -> RawHttp.post(second, life.event(others, "attack.second", "", "")));
        life.pass(Duration.ofMillis(200));
      }
      return both;
    }
  }

  /** The folder is moved, and another daemon started where it was. */
  record FolderMoved() implements FolderAttack {

    @Override
    public void strike(Life life) throws Exception {
      int lines = life.log().size();
      Path moved = life.home().resolve("moved-" + life.nextId());
      life.neighbour().ask(null, false);
      Files.move(life.data(), moved);
      DaemonProcess second = life.startOther(life.data());
      @Nullable URI served = Life.addressOf(second);
      requireRefusal(life, lines);
      assertThat(served).as("a daemon in a new folder").isNotNull();
      second.close();
      life.kill();
      Files.move(life.data(), life.home().resolve("new-" + life.nextId()));
      Files.move(moved, life.data());
      life.start();
    }
  }

  /** What the daemon writes is a symlink to somebody's file, or a pipe that nobody reads. */
  record StrangeFiles() implements FolderAttack {

    @Override
    public void strike(Life life) throws Exception {
      life.terminate();
      Path victim = Files.writeString(life.home().resolve("victim"), "precious");
      String file = life.random().nextBoolean() ? "alive" : "lock";
      Path strange = life.data().resolve(file);
      Files.deleteIfExists(strange);
      if (life.random().nextBoolean()) {
        Files.createSymbolicLink(strange, victim);
      } else {
        assertThat(new ProcessBuilder("mkfifo", strange.toString()).start().waitFor()).isZero();
      }
      int code = life.tryStart();
      if (code < 0) {
        life.pass(Duration.ofSeconds(2));
        life.kill();
      } else {
        assertThat(code).as("exit code of a start with a strange %s", file).isEqualTo(1);
      }
      assertThat(victim).as("the target of a symlink named %s", file).hasContent("precious");
      Files.deleteIfExists(strange);
      life.start();
    }
  }
}
