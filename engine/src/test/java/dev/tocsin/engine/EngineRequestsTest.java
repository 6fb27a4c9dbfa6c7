package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.pipeline.EngineRequests;
import dev.tocsin.engine.pipeline.LiveState;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other parts of the daemon ask of a running engine: own events, and live state. */
class EngineRequestsTest {

  private static final String COUNTS_TWO =
      """
        - id: a
          name: a
          trigger: {expect: [x], for_each: [prefect.resource.id], threshold: 2, within: 1h}
          actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  @Test
  void anOwnEventIsDurableOnceToldAndEvaluatedLikeAnyOther() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, COUNTS_TWO)) {
      EngineRequests requests = daemon.requests();
      requests.tell(event("told-1")).toFuture().join();
      requests.tell(event("told-1")).toFuture().join();
      requests.tell(event("told-2")).toFuture().join();
      assertThat(daemon.await("x", 2))
          .extracting(event -> event.path("id").asString())
          .containsExactly("told-1", "told-2");
      assertThat(daemon.await("*.automation.triggered", 1)).hasSize(1);
    }
  }

  @Test
  void aQuestionReadsStateAfterAllThatWasAnswered() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, COUNTS_TWO)) {
      assertThat(daemon.requests().ask(LiveState::keys).toFuture().join()).isZero();
      daemon.send(TestDaemon.event("e1", "x", 1));
      assertThat(daemon.requests().ask(LiveState::keys).toFuture().join()).isEqualTo(1);
      assertThat(daemon.requests().ask(state -> state.isActive("a")).toFuture().join()).isTrue();
    }
  }

  @Test
  void aQuestionThatThrowsHarmsOnlyItsAsker() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, COUNTS_TWO)) {
      assertThatThrownBy(
              () ->
                  daemon
                      .requests()
                      .ask(
                          _ -> {
                            throw new IllegalStateException("no answer");
                          })
                      .toFuture()
                      .join())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("no answer");
      daemon.send(TestDaemon.event("e1", "x", 1));
    }
  }

  @Test
  void questionsThatWaitAreBounded() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, COUNTS_TWO)) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      List<CompletableFuture<?>> answers = new ArrayList<>();
      answers.add(
          daemon
              .requests()
              .ask(
                  _ -> {
                    asked.countDown();
                    return await(goOn);
                  })
              .toFuture());
      asked.await();
      for (int i = 0; i < 100; i++) {
        answers.add(daemon.requests().ask(LiveState::keys).toFuture());
      }
      assertThatThrownBy(() -> daemon.requests().ask(LiveState::keys).toFuture().join())
          .hasCauseInstanceOf(RejectedExecutionException.class);
      goOn.countDown();
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    }
  }

  @Test
  void requestsAreRefusedAfterAStop() throws Exception {
    TestDaemon daemon = TestDaemon.start(folder, COUNTS_TWO);
    EngineRequests requests = daemon.requests();
    daemon.close();
    assertThatThrownBy(() -> requests.ask(LiveState::keys).toFuture().join())
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> requests.tell(event("late")).toFuture().join())
        .hasCauseInstanceOf(RejectedExecutionException.class);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Event event(String id) {
    Instant occurred = Instant.parse("2026-01-02T03:00:00Z");
    return new Event(
        id,
        occurred,
        "x",
        Resource.of("prefect.resource.id", "shop.1"),
        List.of(),
        Payload.EMPTY,
        null,
        occurred,
        null);
  }
}
