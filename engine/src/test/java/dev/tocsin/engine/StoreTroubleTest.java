package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.StoreException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** A store that is slow, refuses for a while, or is at fault. */
class StoreTroubleTest {

  private static final String FIRE =
      """
      - {id: a, name: a, trigger: {expect: [x], threshold: 1}, actions: [{type: do-nothing}]}
      """;

  @TempDir Path folder;

  /** Something happens before each call of the store once the daemon has started. */
  private TestDaemon start(Consumer<String> before, String... settings) throws Exception {
    AtomicBoolean hasStarted = new AtomicBoolean();
    Consumer<String> onceStarted =
        method -> {
          if (hasStarted.get()) {
            before.accept(method);
          }
        };
    TestDaemon daemon =
        TestDaemon.start(
            folder,
            FIRE,
            Schedulers.parallel(),
            store -> WatchedStore.of(store, onceStarted),
            settings);
    hasStarted.set(true);
    return daemon;
  }

  @Test
  void aFullIntakeTellsSendersToComeBackAndLosesNothing() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Consumer<String> hold =
        method -> {
          if (method.equals("commit")) {
            held.countDown();
            await(released);
          }
        };
    try (TestDaemon daemon = start(hold, "intake_capacity=10")) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      answers.add(daemon.postLater(TestDaemon.event("e0", "x", 0)));
      held.await();
      Semaphore answered = new Semaphore(0);
      for (int i = 1; i <= 30; i++) {
        CompletableFuture<HttpResponse<String>> answer =
            daemon.postLater(TestDaemon.event("e" + i, "x", i));
        var _ = answer.thenRun(answered::release);
        answers.add(answer);
      }
      answered.acquire(20);
      assertThat(answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
          .hasSize(20)
          .allSatisfy(
              answer -> {
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
              });
      released.countDown();
      List<String> taken = new ArrayList<>();
      for (int i = 0; i <= 30; i++) {
        if (answers.get(i).join().statusCode() == 204) {
          taken.add("e" + i);
        }
      }
      assertThat(taken).hasSize(11);
      daemon.await("*.action.executed", 11);
      assertThat(daemon.events("x"))
          .extracting(event -> event.path("id").asString())
          .containsExactlyInAnyOrderElementsOf(taken);
      daemon.send(TestDaemon.event("last", "x", 40));
    }
  }

  @Test
  void answersNothingWhileCommitsFailAndThenGoesOn() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    Consumer<String> refuse =
        method -> {
          if (broken.get() && method.equals("commit")) {
            throw new StoreException("the disk is full");
          }
        };
    try (TestDaemon daemon = start(refuse)) {
      CompletableFuture<HttpResponse<String>> answer =
          daemon.postLater(TestDaemon.event("e1", "x", 1));
      daemon.awaitStatus("/ready", 503);
      assertThat(daemon.events("x")).isEmpty();
      assertThat(answer).isNotDone();
      broken.set(false);
      assertThat(answer.join().statusCode()).isEqualTo(204);
      daemon.awaitStatus("/ready", 200);
      daemon.await("*.action.executed", 1);
      assertThat(daemon.events("x")).hasSize(1);
      assertThat(daemon.events("prefect-cloud.automation.*")).hasSize(3);
    }
  }

  @Test
  void readsAgainWhatCouldNotBeRead() throws Exception {
    Map<String, Integer> calls = new HashMap<>();
    List<String> fragile = List.of("known", "feedback", "pending", "firing", "event");
    AtomicBoolean started = new AtomicBoolean();
    Consumer<String> refuse =
        method -> {
          synchronized (calls) {
            if (started.get()
                && fragile.contains(method)
                && calls.merge(method, 1, Integer::sum) < 3) {
              throw new StoreException("cannot read just now");
            }
          }
        };
    try (TestDaemon daemon = start(refuse)) {
      started.set(true);
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.await("*.action.executed", 1);
      assertThat(daemon.events("prefect-cloud.automation.*")).hasSize(3);
      assertThat(calls.keySet()).containsExactlyInAnyOrderElementsOf(fragile);
    }
  }

  @Test
  void aCheckpointThatCannotBeSavedCostsOnlyTime() throws Exception {
    AtomicBoolean started = new AtomicBoolean();
    Consumer<String> refuse =
        method -> {
          if (started.get() && method.equals("save")) {
            throw new StoreException("the disk is full");
          }
        };
    try (TestDaemon daemon = start(refuse)) {
      started.set(true);
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.await("*.action.executed", 1);
    }
    try (TestDaemon daemon = start(method -> {})) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.send(TestDaemon.event("e2", "x", 2));
      daemon.await("*.action.executed", 2);
      assertThat(daemon.events("prefect-cloud.automation.*")).hasSize(6);
    }
  }

  @Test
  void aStopDoesNotWaitForEverForAStoreThatRefuses() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Consumer<String> refuse =
        method -> {
          if (broken.get() && method.equals("commit")) {
            throw new StoreException("the disk is full");
          }
        };
    CompletableFuture<HttpResponse<String>> cut;
    CompletableFuture<HttpResponse<String>> waiting;
    try (TestDaemon daemon = start(refuse, "shutdown_timeout=400ms")) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      daemon.await("*.action.executed", 1);
      broken.set(true);
      cut = daemon.postLater(TestDaemon.event("e2", "x", 2));
      daemon.awaitStatus("/ready", 503);
      waiting = daemon.postLater(TestDaemon.event("e3", "x", 3));
    }
    assertThat(waiting.handle((answer, _) -> answer == null || answer.statusCode() == 503).join())
        .isTrue();
    assertThat(cut.handle((answer, _) -> answer == null || answer.statusCode() >= 500).join())
        .isTrue();
    try (TestDaemon daemon = start(method -> {})) {
      daemon.send(TestDaemon.event("e2", "x", 2));
      daemon.await("*.action.executed", 2);
      assertThat(daemon.events("x")).hasSize(2);
      assertThat(daemon.events("prefect-cloud.automation.*")).hasSize(6);
    }
  }

  @Test
  void aFaultOfTheEngineItselfEndsIt() throws Exception {
    Consumer<String> fault =
        method -> {
          if (method.equals("commit")) {
            throw new IllegalStateException("a planted fault");
          }
        };
    try (TestDaemon daemon = start(fault)) {
      assertThat(daemon.post(TestDaemon.event("e1", "x", 1))).isEqualTo(500);
      daemon.awaitFailure();
      assertThat(daemon.post(TestDaemon.event("e2", "x", 2))).isEqualTo(503);
      assertThat(daemon.get("/ready").statusCode()).isEqualTo(503);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
