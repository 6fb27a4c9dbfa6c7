package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import dev.tocsin.triggers.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process of its own: how it serves, ends, and comes back. */
class ProcessTest {

  private static final int ENOUGH = 150;

  /** Exit code of a process that ended by SIGKILL. */
  private static final int KILLED = 128 + 9;

  @TempDir Path folder;

  @Test
  void servesUntilItIsAskedToEnd() throws Exception {
    try (Child child =
        new Child(
            folder, "- {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}")) {
      assertThat(child.post(TestDaemon.event("e1", "x", 1)).join().statusCode()).isEqualTo(204);
      child.process.destroy();
      assertThat(child.process.waitFor()).isZero();
    }
  }

  @Test
  void aPlannedRestartIsOneLineOfInformationAndACrashAWarning() throws Exception {
    String automations =
        """
        - {id: a, name: a, trigger: {posture: Proactive, expect: [x], within: 90}, actions: [{type: do-nothing}]}
        """;
    try (Child child = new Child(folder, automations)) {
      child.process.destroy();
      assertThat(child.process.waitFor()).isZero();
    }
    assertThat(blindLines()).isEmpty();
    startAndKill(automations, 1);
    assertThat(blindLines())
        .singleElement()
        .asString()
        .matches(
            ".* INFO .* Not observing from \\S+Z until \\S+Z \\(stopped for \\d+ s\\): absences"
                + " follow their on_blind\\.");
    startAndKill(automations, 2);
    assertThat(blindLines())
        .hasSize(2)
        .last()
        .asString()
        .matches(
            ".* WARN .* Blind from \\S+Z until \\S+Z \\(down\\): absences follow their"
                + " on_blind\\.");
  }

  /** Kills the daemon once this number of lines is written: what is queued is lost. */
  private void startAndKill(String automations, int lines) throws IOException {
    try (Child child = new Child(folder, automations)) {
      while (blindLines().size() < lines) {
        assertThat(child.process.isAlive()).isTrue();
      }
    }
  }

  /** What the daemons of this folder logged of the times in which they could not observe. */
  private List<String> blindLines() throws IOException {
    return Files.readAllLines(DaemonProcess.log(folder)).stream()
        .filter(line -> line.contains("on_blind") || line.contains(" WARN "))
        .toList();
  }

  @Test
  void aTerminatedProcessHasAllThatItAnswered() throws Exception {
    allThatWasAnsweredIsThere(Process::destroy, 0);
  }

  @Test
  void aKilledProcessHasAllThatItAnswered() throws Exception {
    allThatWasAnsweredIsThere(Process::destroyForcibly, KILLED);
  }

  private void allThatWasAnsweredIsThere(Consumer<Process> end, int code) throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String automations =
          """
          - id: each
            name: each
            trigger: {expect: [x], threshold: 1}
            actions: [{type: call-webhook, url: '%s/each', body: '{{ event.id }}'}]
          """
              .formatted(receiver.url());
      Set<String> acknowledged;
      try (Child child = new Child(folder, automations)) {
        acknowledged = child.postUntil(ENOUGH, end);
        assertThat(child.process.waitFor()).isEqualTo(code);
      }
      try (TestDaemon daemon = TestDaemon.start(folder, automations)) {
        int stored = daemon.events("x").size();
        assertThat(daemon.await("*.action.executed", stored)).hasSize(stored);
      }
      List<String> journal = new ArrayList<>();
      int firings = 0;
      try (Store store = Stores.open(folder.resolve("data"))) {
        for (JournalEntry entry : store.entries(0, 10_000)) {
          if (entry instanceof JournalEntry.EventEntry taken) {
            Event event = taken.event();
            if (event.name().equals("x")) {
              journal.add(event.id());
            }
            firings += event.name().endsWith(".automation.triggered") ? 1 : 0;
          }
        }
      }
      assertThat(journal).doesNotHaveDuplicates().containsAll(acknowledged);
      assertThat(firings).isEqualTo(journal.size());
      Set<String> called = new LinkedHashSet<>();
      Set<String> keys = new LinkedHashSet<>();
      while (receiver.waiting() > 0) {
        WebhookReceiver.Request request = receiver.next();
        called.add(request.body());
        keys.add(request.key());
      }
      assertThat(called).as("in the order of the journal").containsExactlyElementsOf(journal);
      assertThat(keys).hasSameSizeAs(journal);
    }
  }

  /** A daemon in a process of its own, and a client that posts to it. */
  private static final class Child implements AutoCloseable {

    final Process process;
    private final DaemonProcess daemon;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;

    Child(Path folder, String automations) throws IOException {
      daemon = DaemonProcess.start(folder, automations);
      process = daemon.process();
      address = Objects.requireNonNull(daemon.address(), "it ended before it served");
    }

    CompletableFuture<HttpResponse<String>> post(String json) {
      return http.sendAsync(
          HttpRequest.newBuilder(address.resolve("/api/events"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }

    /** Posts from many sides at once, ends the process in their midst; the ids that it answered. */
    Set<String> postUntil(int enough, Consumer<Process> end) throws InterruptedException {
      ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
      Semaphore room = new Semaphore(16);
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (int i = 0; i < 3 * enough && process.isAlive(); i++) {
        room.acquire();
        if (acknowledged.size() == enough || i == 2 * enough) {
          end.accept(process);
        }
        String id = "e" + i;
        answers.add(
            post(TestDaemon.event(id, "x", i % 3_000))
                .handle(
                    (answer, _) -> {
                      if (answer != null && answer.statusCode() == 204) {
                        acknowledged.add(id);
                      }
                      room.release();
                      return id;
                    }));
      }
      answers.forEach(CompletableFuture::join);
      return new LinkedHashSet<>(acknowledged);
    }

    @Override
    public void close() {
      daemon.close();
      http.close();
    }
  }
}
