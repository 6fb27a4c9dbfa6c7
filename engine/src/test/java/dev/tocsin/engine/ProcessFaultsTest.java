package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs short of something, or is held up from outside. */
class ProcessFaultsTest {

  private static final String SENT = "SELECT id FROM entry WHERE name = 'x'";
  private static final String FIRE =
      """
      - {id: a, name: a, trigger: {expect: [x]}, actions: [{type: do-nothing}]}
      """;

  @TempDir Path folder;

  private static URI served(DaemonProcess daemon) throws IOException {
    return Objects.requireNonNull(daemon.address(), "it ended before it served");
  }

  private StoredRows rows() throws Exception {
    return new StoredRows(DaemonProcess.data(folder));
  }

  private static CompletableFuture<HttpResponse<Void>> post(
      HttpClient http, URI daemon, HttpRequest.BodyPublisher body) {
    return http.sendAsync(
        HttpRequest.newBuilder(daemon.resolve("/api/events"))
            .header("Content-Type", "application/json")
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static HttpRequest.BodyPublisher event(String id) {
    return HttpRequest.BodyPublishers.ofString(TestDaemon.event(id, "x", 1));
  }

  /** A shell sets the limit, and becomes the daemon. */
  private static void fewFiles(ProcessBuilder daemon) {
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -n 300; exec \"$0\" \"$@\""));
    command.addAll(daemon.command());
    daemon.command(command);
  }

  @Test
  void moreConnectionsThanFilesAreRefusedAndCostNothingElse() throws Exception {
    try (WebhookReceiver receiver = new WebhookReceiver()) {
      String calls =
          """
          - id: each
            name: each
            trigger: {expect: [x]}
            actions: [{type: call-webhook, url: '%s/each', body: '{{ event.id }}'}]
          """
              .formatted(receiver.url());
      try (DaemonProcess daemon = DaemonProcess.start(folder, calls, ProcessFaultsTest::fewFiles);
          HttpClient http = HttpClient.newHttpClient()) {
        URI address = served(daemon);
        // Here each class is a file of its own, so those that it takes are loaded first.
        assertThat(post(http, address, event("first")).join().statusCode()).isEqualTo(204);
        Set<String> called = new TreeSet<>(Set.of(receiver.next().body()));
        Set<String> acknowledged = postFromMany(address, 400);
        assertThat(acknowledged).hasSizeBetween(10, 300);
        acknowledged.add("first");
        // All have gone; once the daemon has seen it, there is room again.
        while (post(http, address, event("last")).join().statusCode() != 204) {
          assertThat(daemon.process().isAlive()).isTrue();
        }
        acknowledged.add("last");
        while (called.size() < acknowledged.size()) {
          called.add(receiver.next().body());
        }
        assertThat(called).isEqualTo(acknowledged);
        try (StoredRows rows = rows()) {
          assertThat(rows.ids(SENT)).isEqualTo(acknowledged);
        }
        assertThat(Files.readAllLines(DaemonProcess.log(folder)))
            .hasSizeLessThan(20)
            .filteredOn(line -> line.contains("ulimit -n"))
            .hasSize(1);
      }
    }
  }

  /** Opens so many connections at one time, posts an event on each: the ids that were taken. */
  private static Set<String> postFromMany(URI daemon, int count) throws IOException {
    List<Socket> open = new ArrayList<>();
    Set<String> acknowledged = new TreeSet<>();
    try {
      for (int i = 0; i < count; i++) {
        open.add(new Socket(daemon.getHost(), daemon.getPort()));
      }
      for (int i = 0; i < count; i++) {
        String answer = answer(open.get(i), TestDaemon.event("e" + i, "x", 1));
        if (answer.startsWith("HTTP/1.1 204")) {
          acknowledged.add("e" + i);
        } else {
          assertThat(answer).matches("(?s)(HTTP/1.1 503.*)?");
        }
      }
      return acknowledged;
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** What comes first, or nothing where the connection is closed. */
  private static String answer(Socket socket, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /api/events HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    try {
      socket.getOutputStream().write((head + json).getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      byte[] first = new byte[1_000];
      int length = in.read(first);
      return length < 0 ? "" : new String(first, 0, length, StandardCharsets.US_ASCII);
    } catch (SocketException refused) {
      return "";
    }
  }

  private static void smallHeap(ProcessBuilder daemon) {
    daemon.environment().put("JAVA_TOOL_OPTIONS", "-Xmx96m -XX:+ExitOnOutOfMemoryError");
  }

  /** Somebody else holds the file, so no commit comes to its end; far more is sent than fits. */
  @Test
  void aDiskThatDoesNotTakeACommitIsFeltBySendersAndNotByTheHeap() throws Exception {
    int count = 150;
    HttpRequest.BodyPublisher padding = HttpRequest.BodyPublishers.ofString("y".repeat(1_000_000));
    try (DaemonProcess daemon =
            DaemonProcess.start(
                folder, FIRE, ProcessFaultsTest::smallHeap, "max_body_bytes=2000000");
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = served(daemon);
      Connection other = holdWrites();
      Semaphore refused = new Semaphore(0);
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        answers.add(
            post(http, address, large("e" + i, padding))
                .thenApply(
                    answer -> {
                      if (answer.statusCode() == 429) {
                        refused.release();
                      }
                      return answer.statusCode();
                    }));
      }
      refused.acquire(count / 2);
      other.close();
      Set<String> acknowledged = new TreeSet<>();
      for (int i = 0; i < count; i++) {
        int status = answers.get(i).join();
        assertThat(status).isIn(204, 429);
        if (status == 204) {
          acknowledged.add("e" + i);
        }
      }
      assertThat(acknowledged).isNotEmpty();
      try (StoredRows rows = rows()) {
        assertThat(rows.ids(SENT)).isEqualTo(acknowledged);
      }
      assertThat(post(http, address, event("last")).join().statusCode()).isEqualTo(204);
    }
  }

  /** A commit that waits for somebody else, and so every step of the stop that waits for it. */
  @Test
  void aStopThatHangsEndsInTime() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE, "shutdown_timeout=2s");
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = served(daemon);
      assertThat(post(http, address, event("before")).join().statusCode()).isEqualTo(204);
      try (Connection other = holdWrites()) {
        var _ = post(http, address, event("waiting"));
        daemon.process().destroy();
        assertThat(daemon.process().waitFor(4, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.process().exitValue()).isZero();
        assertThat(other.isClosed()).isFalse();
      }
      assertThat(Files.readString(DaemonProcess.log(folder)))
          .contains("Not stopped after PT1.8S: the process ends now.");
    }
  }

  /** Nobody else can write until it is closed. */
  private Connection holdWrites() throws Exception {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:" + DaemonProcess.data(folder).resolve(Stores.FILE));
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
    }
    return connection;
  }

  /** An event of a megabyte. */
  private static HttpRequest.BodyPublisher large(String id, HttpRequest.BodyPublisher padding) {
    String json = TestDaemon.event(id, "x", 1);
    return HttpRequest.BodyPublishers.concat(
        HttpRequest.BodyPublishers.ofString(
            json.substring(0, json.length() - 1) + ", \"payload\": {\"y\": \""),
        padding,
        HttpRequest.BodyPublishers.ofString("\"}}"));
  }

  @Test
  void aProcessThatIsStoppedForAWhileGoesOn() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(folder, FIRE);
        HttpClient http = HttpClient.newHttpClient()) {
      URI address = served(daemon);
      assertThat(post(http, address, event("before")).join().statusCode()).isEqualTo(204);
      signal(daemon, "STOP");
      CompletableFuture<HttpResponse<Void>> meanwhile = post(http, address, event("meanwhile"));
      assertThat(daemon.process().waitFor(6, TimeUnit.SECONDS)).isFalse();
      assertThat(meanwhile).isNotDone();
      signal(daemon, "CONT");
      assertThat(meanwhile.join().statusCode()).isEqualTo(204);
      assertThat(post(http, address, event("after")).join().statusCode()).isEqualTo(204);
      try (StoredRows rows = rows()) {
        assertThat(rows.ids(SENT)).containsExactlyInAnyOrder("before", "meanwhile", "after");
        while (rows.count(StoredRows.UNDONE) > 0) {
          assertThat(daemon.process().isAlive()).isTrue();
        }
        assertThat(rows.count("SELECT COUNT(*) FROM firing")).isEqualTo(3);
        assertThat(
                rows.count(
                    "SELECT COUNT(*) FROM entry WHERE id IS NULL AND CAST(body AS TEXT) LIKE"
                        + " '%\"cause\":\"stopped\"%'"))
            .isEqualTo(1);
      }
      daemon.process().destroy();
      assertThat(daemon.process().waitFor()).isZero();
    }
  }

  private static void signal(DaemonProcess daemon, String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(daemon.process().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
