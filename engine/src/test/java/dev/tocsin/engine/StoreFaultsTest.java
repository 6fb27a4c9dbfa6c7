package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tocsin.engine.store.SmallDisk;
import dev.tocsin.engine.store.Stores;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A disk that is full, and a file that is damaged, under a running daemon. */
class StoreFaultsTest {

  private static final int EVENTS = 150;

  private static final String FIRE =
      """
      - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
      """;

  @TempDir Path folder;

  /** What is logged while something runs, but for details. */
  private static final class Log implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tocsin");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    Log() {
      lines.start();
      logger.addAppender(lines);
      logger.setLevel(Level.INFO);
    }

    List<String> lines() {
      synchronized (lines) {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
      }
    }

    @Override
    public void close() {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }
  }

  private static List<String> ids(List<JsonNode> events) {
    return events.stream().map(event -> event.path("id").asString()).toList();
  }

  @Test
  void aFullDiskCostsOnlyTime() throws Exception {
    SmallDisk disk = new SmallDisk(90);
    try (Log log = new Log();
        TestDaemon daemon =
            TestDaemon.start(
                folder,
                FIRE,
                Schedulers.parallel(),
                store -> {
                  store.close();
                  return disk.open(folder.resolve("data"));
                })) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, EVENTS)
              .mapToObj(i -> daemon.postLater(TestDaemon.event("e" + i, "x", i)))
              .toList();
      daemon.awaitStatus("/ready", 503);
      List<String> acknowledged =
          IntStream.range(0, EVENTS)
              .filter(i -> answers.get(i).isDone())
              .mapToObj(i -> "e" + i)
              .toList();
      assertThat(acknowledged).hasSizeLessThan(EVENTS);
      assertThat(ids(daemon.events("x"))).containsAll(acknowledged);
      assertThat(daemon.get("/health").statusCode()).isEqualTo(200);
      disk.makeRoom();
      assertThat(answers).allSatisfy(each -> assertThat(each.join().statusCode()).isEqualTo(204));
      daemon.awaitStatus("/ready", 200);
      while (daemon.total("*.action.executed") < EVENTS) {
        Thread.onSpinWait();
      }
      assertThat(daemon.total("x")).isEqualTo(EVENTS);
      assertThat(daemon.total("*.automation.triggered")).isEqualTo(EVENTS);
      assertThat(log.lines()).hasSizeLessThan(20);
      assertThat(log.lines())
          .anyMatch(line -> line.contains("the disk is full. Free some space"))
          .anyMatch(line -> line.startsWith("Store available again: commits resumed."));
    }
  }

  @Test
  void aDaemonThatMeetsDamageIsNotReadyAndAcknowledgesNothing() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, FIRE)) {
      for (int i = 0; i < 50; i++) {
        daemon.send(TestDaemon.event("e" + i, "x", i));
      }
      daemon.await("*.action.executed", 50);
    }
    CompletableFuture<HttpResponse<String>> answer;
    try (Log log = new Log();
        TestDaemon daemon = TestDaemon.start(folder, FIRE, "shutdown_timeout=400ms")) {
      daemon.awaitStatus("/ready", 200);
      damage(folder.resolve("data").resolve(Stores.FILE));
      assertThat(daemon.get("/api/events").statusCode()).isEqualTo(500);
      assertThat(daemon.get("/ready").statusCode()).isEqualTo(503);
      answer = daemon.postLater(TestDaemon.event("late", "x", 1));
      daemon.awaitStatus("/ready", 503);
      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("The store stops: Cannot read from "))
          .anyMatch(line -> line.contains("Run 'tocsin store check'"));
    }
    assertThat(answer.handle((it, _) -> it == null || it.statusCode() >= 500).join()).isTrue();
  }

  /** All but the first page, which says what the file is. */
  private static void damage(Path file) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] garbage = new byte[(int) channel.size() - 4_096];
      Arrays.fill(garbage, (byte) 0x5a);
      channel.write(ByteBuffer.wrap(garbage), 4_096);
    }
  }
}
