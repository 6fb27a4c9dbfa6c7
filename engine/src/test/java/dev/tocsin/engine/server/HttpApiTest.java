package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpApiTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int IDLE_CONNECTIONS = 5_000;

  private TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/health | 200 | true",
        "/health/ | 200 | true",
        "/api/health | 200 | true",
        "/ready | 200 | {\"message\":\"OK\"}",
        "/api/ready | 200 | {\"message\":\"OK\"}",
        "/api/about | 200 |"
            + " {\"version\":\"1.2.3\",\"started\":\"2026-11-23T08:00:00Z\",\"store\":\"memory\"}",
        "/api/events | 200 | {\"events\":[],\"next\":null,\"total\":0}",
        "/api/events/ | 200 | {\"events\":[],\"next\":null,\"total\":0}",
        "/api/events/none | 404 | {\"exception_message\":\"Event not found\"}",
        "/api/nosuch | 404 | {\"detail\":\"Not Found\"}",
        "/api/events/a/b | 404 | {\"detail\":\"Not Found\"}"
      })
  void aGetIsAnswered(String path, int status, String body) {
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void anotherMethodIs405WithThoseAllowed() {
    HttpResponse<String> answer =
        server.send(HttpRequest.newBuilder(server.uri("/api/events")).DELETE().build());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.body()).isEqualTo("{\"detail\":\"Method Not Allowed\"}");
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS, POST");
  }

  @Test
  void headIsGetWithoutItsBody() {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/about"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
    assertThat(server.get("/health").body()).isEqualTo("true");
  }

  @Test
  void metersAreNamedWithTheRouteAndNotThePath() {
    server.get("/api/events/some-id");
    String meters = server.get("/metrics").body();
    assertThat(meters)
        .contains("tocsin_http_requests_seconds_count{route=\"/api/events/{id}\",status=\"404\"} 1")
        .contains("tocsin_http_connections ")
        .doesNotContain("some-id");
  }

  @Test
  void aStoreThatIsAwayIsNotReady() {
    server.store.away();
    assertThat(server.get("/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
    assertThat(server.get("/api/events/x").statusCode()).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "a%2Fb, a/b",
    "a%20b, a b",
    "a+b, a+b",
    "%C3%A9%3F%23%25, é?#%",
    "filter, filter"
  })
  void anEventIsFoundByAnyId(String segment, String id) {
    server.post(event(id));
    HttpResponse<String> answer = server.get("/api/events/" + segment);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(MAPPER.readTree(answer.body()).get("id").asString()).isEqualTo(id);
  }

  @Test
  void anIdThatIsNotUtf8Is422() throws IOException {
    assertThat(
            server.raw(
                "GET /api/events/%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains("HTTP/1.1 422", "[\"path\",\"id\"]");
    assertThat(
            server.raw(
                "GET /api/events/%4 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains("HTTP/1.1 422");
  }

  @Test
  void eventsAreListedPageByPage() {
    for (int i = 0; i < 5; i++) {
      server.post(event("e" + i).replace("07:00", "07:0" + i));
    }
    JsonNode first = MAPPER.readTree(server.get("/api/events?limit=3&event=a.*").body());
    assertThat(ids(first)).containsExactly("e4", "e3", "e2");
    assertThat(first.get("total").asInt()).isEqualTo(5);
    String next = first.get("next").asString();
    JsonNode second = MAPPER.readTree(server.get("/api/events?limit=3&cursor=" + next).body());
    assertThat(ids(second)).containsExactly("e1", "e0");
    assertThat(second.get("next").isNull()).isTrue();
    assertThat(
            ids(
                MAPPER.readTree(
                    server.get("/api/events?since=2026-11-23T08:03:30%2B01:00").body())))
        .containsExactly("e4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0 | limit | 1 to 1000",
        "limit=1001 | limit | 1001",
        "limit=many | limit | whole number",
        "limit=1&limit=2 | limit | once",
        "limt=5 | limt | did you mean limit?",
        "colour=5 | colour | known are event, resource",
        "since=yesterday | since | RFC 3339",
        "since=%2B300000-01-01T00:00:00Z | since | RFC 3339",
        "until=10000-01-01T00:00:00Z | until | RFC 3339",
        "since=2026-11-23T00:00:00+01:00 | since | %2B",
        "until=2026-11-23 | until | offset",
        "event=%00 | event | NUL",
        "resource=a%00b | resource | NUL",
        "event=%ff | '' | UTF-8",
        "event=caf%c3%a9%c3 | '' | UTF-8",
        "cursor=zzz | cursor | cursor of an earlier page"
      })
  void aBadParameterIs422(String query, String name, String reason) {
    HttpResponse<String> answer = server.get("/api/events?" + query);
    assertThat(answer.statusCode()).isEqualTo(422);
    JsonNode detail = MAPPER.readTree(answer.body()).get("exception_detail");
    assertThat(detail.size()).isEqualTo(1);
    assertThat(detail.get(0).get("loc").toString()).isEqualTo("[\"query\",\"" + name + "\"]");
    assertThat(detail.get(0).get("msg").asString()).contains(reason);
  }

  @Test
  void theJournalGivesEveryEventOnceInOrder() {
    assertThat(server.get("/api/journal").body()).isEqualTo("{\"events\":[],\"last\":0}");
    server.post(event("late").replace("07:00", "06:00"));
    server.post(event("other").replace("a.b", "c.d"));
    server.post(event("early").replace("07:00", "05:00"));
    JsonNode page = MAPPER.readTree(server.get("/api/journal?after=0&event=a.*").body());
    assertThat(ids(page)).containsExactly("late", "early");
    assertThat(server.get("/api/journal?after=" + page.get("last").asLong()).body())
        .isEqualTo("{\"events\":[],\"last\":3}");
  }

  @Test
  void aReaderOfTheJournalThatFellBehindIs410() {
    server.post(event("1"));
    server.post(event("2"));
    server.post(event("3"));
    server.store.dropUpTo(2);
    HttpResponse<String> answer = server.get("/api/journal?after=1");
    assertThat(answer.statusCode()).isEqualTo(410);
    assertThat(answer.body())
        .isEqualTo(
            "{\"exception_message\":\"Retention dropped entries up to 2, some of them"
                + " after 1. Continue with after=2\"}");
    assertThat(server.get("/api/journal?after=2").statusCode()).isEqualTo(200);
    JsonNode first = MAPPER.readTree(server.get("/api/journal?after=0&limit=1").body());
    assertThat(first.get("last").asLong()).as("past what only pauses are left of").isEqualTo(2);
  }

  @Test
  void aSilentSenderIs408AndNothingIsTaken() throws IOException {
    restart(10, Duration.ofMillis(200), Duration.ofSeconds(60));
    assertThat(server.raw(head(400, "application/json") + event("1")))
        .startsWith("HTTP/1.1 408")
        .containsIgnoringCase("connection: close");
    String stream = server.raw(head(4_000, "application/x-ndjson") + event("2") + "\n{\"id");
    assertThat(stream).startsWith("HTTP/1.1 408").contains("\"accepted\":1");
    assertThat(server.store.all()).hasSize(1);
  }

  @Test
  void aHeadThatDoesNotEndIs408() throws IOException {
    restart(10, Duration.ofMillis(200), Duration.ofSeconds(60));
    assertThat(server.raw("GET /health HTTP/1.1\r\nHost: localhost\r\n"))
        .startsWith("HTTP/1.1 408");
    try (Socket socket = server.socket()) {
      exchange(socket);
      socket.getOutputStream().write("GET /hea".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readAllBytes())
          .asString(StandardCharsets.US_ASCII)
          .contains("HTTP/1.1 408");
    }
  }

  @Test
  void aBodyShorterThanItsContentLengthIsNotTaken() throws IOException {
    for (String type : List.of("application/json", "application/x-ndjson")) {
      try (Socket socket = server.socket()) {
        String request = head(event("1").length() + 1, type) + event("1");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        assertThat(socket.getInputStream().readAllBytes())
            .asString(StandardCharsets.US_ASCII)
            .doesNotContain("HTTP/1.1 2");
      }
    }
    assertThat(server.store.all()).isEmpty();
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyLargerThanItsContentLengthIsCutThere() throws IOException {
    String answers = server.raw(head(event("1").length() - 1, "application/json") + event("1"));
    assertThat(answers).startsWith("HTTP/1.1 422").contains("ends too early");
    assertThat(server.store.all()).isEmpty();
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNotHttpIsRefusedAndTheServerGoesOn() throws IOException {
    assertThat(server.raw("\u0000\u0001nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(server.raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(
            server.raw(
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    restart(10, Duration.ofSeconds(60), Duration.ofMillis(200));
    assertThat(server.raw("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(server.raw("")).isEmpty();
  }

  @Test
  void aConnectionTooManyIsToldSo() throws IOException {
    restart(3, Duration.ofSeconds(60), Duration.ofSeconds(60));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        Socket socket = server.socket();
        sockets.add(socket);
        exchange(socket);
      }
      assertThat(server.raw("")).startsWith("HTTP/1.1 503").contains("Retry-After: 1");
      exchange(sockets.getFirst());
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void thousandsOfIdleConnectionsDoNotDisturb() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                IdleConnections.class.getName(),
                Integer.toString(server.port()),
                Integer.toString(IDLE_CONNECTIONS))
            .redirectErrorStream(true)
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("open " + IDLE_CONNECTIONS);
      for (int i = 0; i < 20; i++) {
        assertThat(server.post(event("e" + i)).statusCode()).isEqualTo(204);
      }
      assertThat(server.get("/metrics").body()).containsPattern("tocsin_http_connections 50\\d\\d");
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  /** To close while bytes of a body are unread would reset the connection, and lose the answer. */
  @Test
  void whoSendsABodyDuringAStopHearsThatItIsRefused() throws Exception {
    server.api.refuse();
    String body = "x".repeat(200_000);
    String head = "POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n";
    for (int round = 0; round < 20; round++) {
      try (Socket socket = server.socket()) {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        out.write(body.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        byte[] answer = socket.getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.1 503");
      }
    }
  }

  @Test
  void aStopAnswersWhatIsUnderWayAndRefusesTheRest() throws Exception {
    Sinks.Empty<Void> offered = Sinks.empty();
    Sinks.One<Receipt> held = Sinks.one();
    server.intake.next(
        Mono.defer(
            () -> {
              offered.tryEmitEmpty();
              return held.asMono();
            }));
    CompletableFuture<HttpResponse<String>> underWay =
        CompletableFuture.supplyAsync(() -> server.post(event("1")));
    offered.asMono().toFuture().join();
    server.api.refuse();
    HttpResponse<String> refused = server.post(event("2"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Connection")).contains("close");
    assertThat(server.get("/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
    CompletableFuture<@Nullable Void> stopped = server.api.stop(Duration.ofSeconds(30)).toFuture();
    assertThat(underWay).isNotDone();
    held.tryEmitValue(new Receipt.Accepted(1, 0));
    assertThat(underWay.join().statusCode()).isEqualTo(204);
    stopped.join();
    assertThatThrownBy(server::socket).isInstanceOf(ConnectException.class);
  }

  @Test
  void aStopDoesNotWaitForEver() {
    Sinks.Empty<Void> offered = Sinks.empty();
    server.intake.next(
        Mono.defer(
            () -> {
              offered.tryEmitEmpty();
              return Mono.never();
            }));
    CompletableFuture<HttpResponse<String>> underWay =
        CompletableFuture.supplyAsync(() -> server.post(event("1")));
    offered.asMono().toFuture().join();
    server.api.stop(Duration.ofMillis(300)).toFuture().join();
    assertThatThrownBy(underWay::join).isInstanceOf(Exception.class);
  }

  @Test
  void anAddressInUseIsAnError() {
    CompletableFuture<@Nullable HttpApi> second = TestServer.bindAgain(server).toFuture();
    assertThatThrownBy(second::join)
        .hasMessageContaining("Failed to bind on [127.0.0.1:" + server.port() + "]");
  }

  private void restart(int maxConnections, Duration bodyTimeout, Duration idleTimeout) {
    server.close();
    server = TestServer.start(maxConnections, bodyTimeout, idleTimeout);
  }

  private static void exchange(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
    assertThat(answer).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 200 OK");
    assertThat(socket.getInputStream().skip(socket.getInputStream().available())).isNotNegative();
  }

  private static String head(int length, String type) {
    return "POST /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
        + type
        + "\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static List<String> ids(JsonNode page) {
    return page.get("events").valueStream().map(event -> event.get("id").asString()).toList();
  }
}
