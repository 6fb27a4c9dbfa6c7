package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that use up what they can, against the real process in a small heap. */
@Tag("long")
class HostileClientsTest {

  private static final String FIRE =
      """
      - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
      """;

  /** Fires after 2 s without an event, unless the engine was blind. */
  private static final String ABSENCE =
      """
      - id: silent
        name: silent
        trigger: {posture: Proactive, expect: [x], within: 2}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  private final List<Socket> open = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() throws IOException {
    http.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private DaemonProcess start(String automations, int megabytes, String... settings)
      throws IOException {
    return start(automations, megabytes, _ -> {}, settings);
  }

  private DaemonProcess start(
      String automations, int megabytes, Consumer<ProcessBuilder> before, String... settings)
      throws IOException {
    return DaemonProcess.start(
        folder,
        automations,
        builder -> {
          builder
              .environment()
              .put("JAVA_TOOL_OPTIONS", "-Xmx" + megabytes + "m -XX:+ExitOnOutOfMemoryError");
          before.accept(builder);
        },
        settings);
  }

  private static URI served(DaemonProcess daemon) throws IOException {
    return Objects.requireNonNull(daemon.address(), "it ended before it served");
  }

  private Socket connect(URI daemon) throws IOException {
    Socket socket = new Socket(daemon.getHost(), daemon.getPort());
    socket.setSoTimeout(60_000);
    open.add(socket);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String head(String type, String more) {
    return "POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n"
        .formatted(type, more);
  }

  private HttpResponse<String> get(URI daemon, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(daemon.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int post(URI daemon, String path, String type, String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(daemon.resolve(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private void assertWell(URI daemon) throws Exception {
    assertThat(get(daemon, "/health").statusCode()).isEqualTo(200);
    assertThat(get(daemon, "/ready").statusCode()).isEqualTo(200);
    assertThat(get(daemon, "/metrics").statusCode()).isEqualTo(200);
    assertThat(post(daemon, "/api/events", "application/json", TestDaemon.event("ok", "x", 1)))
        .isEqualTo(204);
    assertThat(get(daemon, "/api/events/ok").statusCode()).isEqualTo(200);
  }

  private static void assertEnds(DaemonProcess daemon, int seconds) throws Exception {
    daemon.process().destroy();
    assertThat(daemon.process().waitFor(seconds, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.process().exitValue()).isZero();
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(DaemonProcess.log(folder));
  }

  @Test
  void slowQueriesHoldUpNothingElseAndEndInTime() throws Exception {
    String slow = "/api/events?event=*" + "%3F".repeat(500) + "b*";
    try (DaemonProcess daemon =
        start(FIRE, 256, "query_timeout=3s", "shutdown_timeout=10s", "watch=false")) {
      URI address = served(daemon);
      StringBuilder events = new StringBuilder();
      for (int i = 0; i < 30_000; i++) {
        events.append(TestDaemon.event("e" + i, "a".repeat(1_000) + i, 1)).append('\n');
      }
      assertThat(post(address, "/api/events", "application/x-ndjson", events.toString()))
          .isEqualTo(200);
      for (int i = 0; i < 8; i++) {
        write(connect(address), "GET " + slow + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      assertWell(address);
      HttpResponse<String> stopped = get(address, slow);
      assertThat(stopped.statusCode()).isEqualTo(503);
      assertThat(stopped.body()).contains("3000 ms (query_timeout)");
      for (int i = 0; i < 8; i++) {
        write(connect(address), "GET " + slow + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      }
      assertWell(address);
      assertEnds(daemon, 10);
      assertThat(log()).noneMatch(line -> line.contains("\tat ") || line.contains(" ERROR "));
    }
  }

  /** Sent 5 or 6 bytes for each byte of the body, which the heap would pay with 32. */
  @Test
  void aBodyOfMillionsOfChunksIsOneBody() throws Exception {
    try (DaemonProcess daemon = start(FIRE, 128)) {
      URI address = served(daemon);
      Socket socket = connect(address);
      write(socket, head("application/json", "Transfer-Encoding: chunked\r\n"));
      byte[] chunks = "1\r\nx\r\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 120; i++) {
        socket.getOutputStream().write(chunks);
      }
      write(socket, "0\r\n\r\n");
      assertThat(firstLine(socket)).startsWith("HTTP/1.1 422");
      assertWell(address);
    }
  }

  private static String firstLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** An absence in the meantime fires: nobody who is refused for memory makes the engine blind. */
  @Test
  void streamsThatAreIdleRefuseNobodyElse() throws Exception {
    try (DaemonProcess daemon = start(ABSENCE, 128, "startup_grace=0s")) {
      URI address = served(daemon);
      for (int i = 0; i < 200; i++) {
        write(
            connect(address),
            head("application/x-ndjson", "Transfer-Encoding: chunked\r\n") + "1\r\n{\r\n");
      }
      String event = TestDaemon.event("e1", "x", 1) + "\n";
      assertThat(post(address, "/api/events", "application/x-ndjson", event)).isEqualTo(200);
      assertWell(address);
      // Lines that never end, of a megabyte each, are more than the budget.
      String piece = "100000\r\n" + "y".repeat(1 << 20) + "\r\n";
      for (int i = 0; i < 60; i++) {
        try {
          write(open.get(i), piece);
        } catch (SocketException refused) {
          // A stream beyond the budget is answered and closed.
        }
      }
      assertWell(address);
      String fired = "/api/events?event=*.automation.triggered";
      while (get(address, fired).body().contains("\"total\":0")) {
        assertThat(daemon.process().isAlive()).isTrue();
      }
      assertThat(get(address, "/metrics").body())
          .doesNotContain("tocsin_blind_intervals_total{cause=\"shedding\"}");
    }
  }

  @Test
  void clientsThatResetTheirConnectionsLeaveNoLine() throws Exception {
    try (DaemonProcess daemon = start(FIRE, 128)) {
      URI address = served(daemon);
      int before = log().size();
      for (String type : List.of("application/json", "application/x-ndjson")) {
        for (int i = 0; i < 200; i++) {
          try (Socket socket = connect(address)) {
            write(socket, head(type, "Content-Length: 400\r\n") + "{\"id\": ");
            if (i % 2 == 0) {
              socket.setSoLinger(true, 0);
            }
          }
        }
      }
      assertWell(address);
      assertEnds(daemon, 10);
      assertThat(log()).hasSizeLessThan(before + 5).noneMatch(line -> line.contains("\tat "));
    }
  }

  /** Each reload that fails logs a kilobyte or more; the pipe takes 64 of them. */
  @Test
  void aLogThatNobodyReadsHoldsUpNothing() throws Exception {
    try (DaemonProcess daemon =
        start(
            FIRE,
            128,
            builder -> builder.redirectError(ProcessBuilder.Redirect.PIPE),
            "shutdown_timeout=10s")) {
      URI address = served(daemon);
      DaemonProcess.write(folder, "- {id: a, nosuch: 1, other: 2}\n".repeat(100));
      for (int i = 0; i < 60; i++) {
        assertThat(post(address, "/api/reload", "application/json", "")).isEqualTo(422);
      }
      assertWell(address);
      daemon.process().destroy();
      assertThat(daemon.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.process().exitValue()).isZero();
    }
  }
}
