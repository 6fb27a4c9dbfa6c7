package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.DerivedId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What receivers, senders and files make the engine write, it can read: it continues. */
class OwnEventLimitsTest {

  @TempDir Path folder;

  /** Answers every connection with these bytes, once a request has begun. */
  private static final class RawServer implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    RawServer(String answer) throws IOException {
      Thread.ofVirtual().start(() -> serve(answer));
    }

    private void serve(String answer) {
      while (!socket.isClosed()) {
        try (Socket connection = socket.accept()) {
          connection.getInputStream().read(new byte[65_536]);
          connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
          // The next connection is served.
        }
      }
    }

    String url() {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void assertContinues(TestDaemon daemon, String name) throws Exception {
    assertThat(daemon.get("/ready").statusCode()).isEqualTo(200);
    daemon.send(TestDaemon.event("after", name, 59));
  }

  @Test
  void aResponseHeaderWithAVeryLongName() throws Exception {
    String name = "x".repeat(60_000);
    try (RawServer receiver =
        new RawServer(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                + name
                + ": 1\r\nConnection: close\r\n\r\n")) {
      String call =
          "- {id: a, name: a, trigger: {expect: [x]}, actions: [{type: call-webhook, url: '%s'}]}\n"
              .formatted(receiver.url());
      try (TestDaemon daemon = TestDaemon.start(folder, call)) {
        daemon.send(TestDaemon.event("e1", "x", 1));
        JsonNode executed = daemon.await("*.action.executed", 1).getFirst();
        assertThat(executed.path("payload").path("response_headers").propertyNames())
            .contains("x".repeat(500) + "…");
        assertContinues(daemon, "y");
      }
    }
  }

  @Test
  void aLongChainOfEventsThatQuoteEachOther() throws Exception {
    String chain =
        """
        - id: a
          name: a
          trigger: {expect: [x, "prefect-cloud.automation.triggered"]}
          actions: [{type: do-nothing}]
        """;
    String deep = "{\"a\":".repeat(249) + "{}" + "}".repeat(249);
    try (TestDaemon daemon = TestDaemon.start(folder, chain, "max_causal_depth=300")) {
      daemon.send(
          TestDaemon.event("e1", "x", 1)
              .replace("\"event\"", "\"payload\": " + deep + ", \"event\""));
      while (daemon.total("*.loop.detected") == 0) {
        Thread.onSpinWait();
      }
      assertThat(daemon.total("*.automation.triggered")).isEqualTo(300);
      assertContinues(daemon, "y");
    }
    try (TestDaemon daemon = TestDaemon.start(folder, chain, "max_causal_depth=300")) {
      assertThat(daemon.total("*.automation.triggered")).isEqualTo(300);
      assertContinues(daemon, "z");
    }
  }

  @Test
  void anEmittedEventWithAVeryLongLabel() throws Exception {
    for (String action :
        List.of(
            "\"resource\": {\"prefect.resource.id\": \"r\", \"%s\": \"v\"}",
            "\"resource\": {\"prefect.resource.id\": \"r\"}, \"payload\": {\"%s\": 1}")) {
      Path own = Files.createDirectory(folder.resolve("f" + action.length()));
      Path json =
          Files.writeString(
              own.resolve("long.json"),
              """
              {"id": "long", "name": "long", "trigger": {"expect": ["x"]},
               "actions": [{"type": "emit-event", "event": "y", %s}]}
              """
                  .formatted(action.formatted("k".repeat(60_000))));
      try (TestDaemon daemon = TestDaemon.start(own, "[]", "automations=" + json)) {
        daemon.send(TestDaemon.event("e1", "x", 1));
        JsonNode failed = daemon.await("*.action.failed", 1).getFirst();
        assertThat(failed.path("payload").path("reason").asString()).startsWith("invalid event: ");
        assertContinues(daemon, "z");
      }
    }
  }

  @Test
  void aSenderCannotTakeTheIdOfAnEventOfTheEngine() throws Exception {
    String fire = "- {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}\n";
    String id = DerivedId.of("state-change", "f-1");
    try (TestDaemon daemon = TestDaemon.start(folder, fire)) {
      HttpResponse<String> refused = daemon.postLater(TestDaemon.event(id, "x", 1)).join();
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body())
          .contains("reserved for events of the engine", "UUID of version 8", "id");
      daemon.send(TestDaemon.event("59298807-8261-44e5-b7e3-8350c6c7ec5c", "x", 2));
      daemon.await("*.action.executed", 1);
      assertThat(daemon.total("x")).isEqualTo(1);
    }
  }
}
