package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs more memory than there is costs keys or time, never the process. */
@Tag("long")
class SmallHeapTest {

  private static final int MEGABYTE = 1_000_000;

  @TempDir Path folder;

  /** A daemon in a heap of some megabytes, and a client that sends again what is refused. */
  private final class SmallDaemon implements AutoCloseable {

    final DaemonProcess daemon;
    final URI address;
    final HttpClient http = HttpClient.newHttpClient();

    SmallDaemon(int heap, String automations) throws IOException {
      daemon =
          DaemonProcess.start(
              folder,
              automations,
              builder ->
                  builder
                      .environment()
                      .put("JAVA_TOOL_OPTIONS", "-Xmx" + heap + "m -XX:+ExitOnOutOfMemoryError"),
              "startup_grace=0s");
      address = Objects.requireNonNull(daemon.address(), "it ended before it served");
    }

    void send(String json) throws Exception {
      int status = post(json);
      while (status == 429) {
        status = post(json);
      }
      assertThat(status).isEqualTo(204);
    }

    private int post(String json) throws Exception {
      return http.send(
              HttpRequest.newBuilder(address.resolve("/api/events"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(json))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }

    void awaitAllDone() throws Exception {
      try (StoredRows rows = new StoredRows(DaemonProcess.data(folder))) {
        while (rows.count(StoredRows.UNDONE) > 0) {
          assertThat(daemon.process().isAlive()).isTrue();
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public void close() {
      http.close();
      daemon.close();
    }
  }

  private static String event(String id, int label, int size) {
    return """
    {"id": "%s", "occurred": "2026-01-02T03:00:00Z", "event": "x",
     "resource": {"prefect.resource.id": "r", "k": "%s%s"}, "payload": {"p": "%s"}}
    """
        .formatted(id, id, "k".repeat(label), "p".repeat(size));
  }

  private static IntStream heaps() {
    return TestHeaps.megabytes("tocsin.heaps");
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void largeKeysAreEvictedAndAStartNeedsNoMoreThanTheRun(int heap) throws Exception {
    StringBuilder automations = new StringBuilder();
    for (String id : new String[] {"a", "b", "c"}) {
      automations.append(
          """
          - id: %s
            name: %s
            trigger: {expect: [x], for_each: [k], threshold: 2, within: 1h}
            actions: [{type: do-nothing}]
          """
              .formatted(id, id));
    }
    try (SmallDaemon daemon = new SmallDaemon(heap, automations.toString())) {
      for (int i = 0; i < 160; i++) {
        daemon.send(event("e" + i, MEGABYTE, 0));
      }
    }
    for (int start = 0; start < 3; start++) {
      try (SmallDaemon daemon = new SmallDaemon(heap, automations.toString())) {
        daemon.send(event("s" + start, MEGABYTE, 0));
        daemon.awaitAllDone();
      }
    }
    try (StoredRows rows = new StoredRows(DaemonProcess.data(folder))) {
      assertThat(rows.count("SELECT COUNT(*) FROM entry WHERE name = 'x'")).isEqualTo(163);
      assertThat(rows.count("SELECT COUNT(*) FROM entry WHERE name LIKE '%key.evicted'"))
          .isBetween(1, 12);
    }
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void oneEventMayBeQuotedByMoreThanFitsIntoMemory(int heap) throws Exception {
    int firings = 3 * heap;
    try (SmallDaemon daemon = new SmallDaemon(heap, each(firings))) {
      daemon.send(event("large", 0, 480_000));
    }
    requireFirings(heap, firings);
  }

  @Test
  void aListOfLargeEventsMayFireMoreThanFitsIntoMemory() throws Exception {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < 60; i++) {
      list.append(i == 0 ? "" : ",").append(event("e" + i, 0, 480_000));
    }
    try (SmallDaemon daemon = new SmallDaemon(256, each(30))) {
      daemon.send(list.append("]").toString());
    }
    requireFirings(256, 60 * 30);
  }

  private static String each(int automations) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < automations; i++) {
      text.append(
          "- {id: a%d, name: a%d, trigger: {expect: [x]}, actions: [{type: do-nothing}]}\n"
              .formatted(i, i));
    }
    return text.toString();
  }

  /** All of them are durable with what they cause, and a start in the same heap takes it up. */
  private void requireFirings(int heap, int count) throws Exception {
    try (StoredRows rows = new StoredRows(DaemonProcess.data(folder))) {
      assertThat(rows.count("SELECT COUNT(*) FROM firing")).isEqualTo(count);
      assertThat(rows.count("SELECT COUNT(*) FROM invocation")).isEqualTo(count);
    }
    try (SmallDaemon daemon = new SmallDaemon(heap, each(1))) {
      daemon.send(TestDaemon.event("next", "y", 0));
    }
  }

  @Test
  void aHeapThatIsTooSmallEndsTheProcessWithOneLine() throws Exception {
    StringBuilder automations = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      automations.append(
          "- {id: a%d, name: a%d, trigger: {expect: [x%d]}, actions: [{type: do-nothing}]}\n"
              .formatted(i, i, i));
    }
    try (DaemonProcess daemon =
        DaemonProcess.start(
            folder,
            automations.toString(),
            builder -> builder.environment().put("JAVA_TOOL_OPTIONS", "-Xmx40m"))) {
      assertThat(daemon.address()).isNull();
      assertThat(daemon.process().waitFor()).isEqualTo(3);
    }
    assertThat(Files.readAllLines(DaemonProcess.log(folder)))
        .filteredOn(line -> !line.startsWith("Picked up"))
        .singleElement()
        .asString()
        .endsWith(
            ": the heap of 40 MiB is too small. Start with a larger one:"
                + " TOCSIN_JAVA_OPTS=-Xmx80m");
  }
}
