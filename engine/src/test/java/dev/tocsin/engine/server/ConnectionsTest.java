package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a client does with its connection besides sending a request and reading the answer. */
class ConnectionsTest {

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

  private TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyPipelinedRequestUpToTheLastIsAnswered() throws IOException {
    String answers = server.raw(post("1", "") + post("2", "") + post("3", "Connection: close\r\n"));
    assertThat(statuses(answers)).containsExactly("204", "204", "204");
    assertThat(server.store.all()).hasSize(3);
  }

  @Test
  void nothingAfterTheLastRequestIsAnswered() throws IOException {
    String answers = server.raw(post("1", "Connection: close\r\n") + post("2", ""));
    assertThat(statuses(answers)).containsExactly("204");
    assertThat(server.store.all()).hasSize(1);
  }

  @Test
  void aLongPipelineIsAnsweredInOrder() throws Exception {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      requests.append(get("/health", "")).append(post("e" + i, ""));
    }
    requests.append(get("/health", "Connection: close\r\n"));
    try (Socket socket = server.socket()) {
      Thread sender = Thread.startVirtualThread(() -> write(socket, requests.toString()));
      Map<String, Long> statuses =
          statuses(read(socket)).stream()
              .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
      assertThat(statuses).isEqualTo(Map.of("200", 61L, "204", 60L));
      sender.join();
    }
    assertThat(server.store.all()).extracting("id").hasSize(60).startsWith("e0", "e1", "e2");
  }

  @Test
  void whoEndsItsSideOfTheConnectionIsAnswered() throws IOException {
    assertThat(statuses(half(post("1", "")))).containsExactly("204");
    assertThat(statuses(half(get("/api/events", "")))).containsExactly("200");
    assertThat(statuses(half(post("2", "") + get("/health", "") + post("3", ""))))
        .containsExactly("204", "200", "204");
    assertThat(server.store.all()).hasSize(3);
  }

  @Test
  void whoEndsItsSideWithinARequestIsNotAnswered() throws IOException {
    String request = post("1", "");
    assertThat(half(request.substring(0, request.length() - 1))).isEmpty();
    assertThat(half("GET /health HT")).isEmpty();
    assertThat(server.store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoLeavesBeforeTheAnswerCancelsIt(boolean isReset) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    server.serve(
        List.of(
            Route.get(
                "/slow",
                Scope.READ,
                call ->
                    Mono.<Answer>never()
                        .doOnSubscribe(subscription -> asked.countDown())
                        .doOnCancel(cancelled::countDown))));
    try (Socket socket = server.socket()) {
      write(socket, get("/slow", ""));
      asked.await();
      if (isReset) {
        socket.setSoLinger(true, 0);
      }
    }
    cancelled.await();
  }

  @Test
  void anAnswerThatNobodyReadsIsClosed() throws Exception {
    server.close();
    server = TestServer.start(10, Duration.ofMillis(200), Duration.ofSeconds(60));
    byte[] large = new byte[32 << 20];
    CountDownLatch ended = new CountDownLatch(1);
    server.serve(
        List.of(
            Route.get(
                "/large",
                Scope.READ,
                call -> {
                  call.request().withConnection(it -> it.onDispose(ended::countDown));
                  return Mono.just(Answer.json(200, large));
                })));
    try (Socket socket = server.socket()) {
      write(socket, get("/large", ""));
      ended.await();
      assertThat(read(socket).length()).isLessThan(large.length);
    }
  }

  @Test
  void anAnswerThatIsReadSlowlyIsSentWhole() throws Exception {
    server.close();
    server = TestServer.start(10, Duration.ofMillis(300), Duration.ofSeconds(60));
    byte[] large = new byte[8 << 20];
    server.serve(
        List.of(Route.get("/large", Scope.READ, call -> Mono.just(Answer.json(200, large)))));
    try (Socket socket = server.socket()) {
      write(socket, get("/large", "Connection: close\r\n"));
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[1 << 20];
      long read = 0;
      for (int length = in.readNBytes(piece, 0, piece.length);
          length > 0;
          length = in.readNBytes(piece, 0, piece.length)) {
        read += length;
        new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
      }
      assertThat(read).isGreaterThan(large.length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transfer-Encoding: gzip, chunked | 501 | must be chunked, not 'gzip, chunked'",
        "Transfer-Encoding: gzip | 400 | ''",
        "Transfer-Encoding: identity | 400 | ''",
        "Transfer-Encoding: chunked, chunked | 400 | ''",
        "Content-Encoding: gzip; Content-Encoding: identity | 415 | must be gzip or identity",
        "Content-Encoding: gzip, gzip | 415 | must be gzip or identity, not 'gzip, gzip'",
        "Content-Type: application/json;charset=utf-16 | 415 | must be utf-8, not 'utf-16'",
        "Content-Type: application/x-ndjson;charset=latin1 | 415 | must be utf-8, not 'latin1'",
        "Content-Type: application/json; Content-Type: application/x-ndjson | 415 | must be",
        "Content-Type: application/json;CharSet=\"UTF-8\" | 204 | ''"
      })
  void aFormOfBodyThatTheServerDoesNotReadIsRefused(String headers, int status, String reason)
      throws IOException {
    String head = headers.replace("; C", "\r\nC") + "\r\nConnection: close\r\n";
    String answer = server.raw(head.startsWith("Transfer") ? chunked(head) : post("1", head));
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains(reason);
    assertThat(statuses(answer)).hasSize(1);
    assertThat(server.store.all()).hasSize(status == 204 ? 1 : 0);
  }

  private String half(String requests) throws IOException {
    try (Socket socket = server.socket()) {
      write(socket, requests);
      socket.shutdownOutput();
      return read(socket);
    }
  }

  private static void write(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        text.append((char) c);
      }
    } catch (java.net.SocketException reset) {
      // What came before is what counts.
    }
    return text.toString();
  }

  private static String get(String path, String headers) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }

  private static String post(String id, String headers) {
    String body = event(id);
    String type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
    return "POST /api/events HTTP/1.1\r\nHost: localhost\r\n"
        + type
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String chunked(String headers) {
    String body = event("1");
    return "POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + headers
        + "\r\n"
        + Integer.toHexString(body.length())
        + "\r\n"
        + body
        + "\r\n0\r\n\r\n";
  }

  private static List<String> statuses(String answers) {
    return STATUS.matcher(answers).results().map(match -> match.group(1)).toList();
  }
}
