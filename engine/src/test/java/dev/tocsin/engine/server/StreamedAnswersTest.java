package dev.tocsin.engine.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class StreamedAnswersTest {

  private static final int CHUNK = 64 * 1024;

  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void chunksArriveAsTheyAreMadeAndThenTheEnd() throws IOException {
    Sinks.Many<byte[]> source = Sinks.many().unicast().onBackpressureBuffer();
    stream(source.asFlux());
    try (Socket socket = ask()) {
      BufferedReader answer = reader(socket);
      assertThat(head(answer))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("transfer-encoding: chunked");
      for (String line : List.of("one", "two")) {
        source.tryEmitNext((line + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(answer.readLine()).isEqualTo("4");
        assertThat(answer.readLine()).isEqualTo(line);
        assertThat(answer.readLine()).isEmpty();
      }
      source.tryEmitComplete();
      assertThat(answer.readLine()).isEqualTo("0");
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsBackThePublisher() throws Exception {
    AtomicLong made = new AtomicLong();
    CountDownLatch cancelled = new CountDownLatch(1);
    long total = 64 * 1024L;
    stream(
        Flux.<byte[]>generate(
                sink -> {
                  made.incrementAndGet();
                  sink.next(new byte[CHUNK]);
                })
            .take(total)
            .doOnCancel(cancelled::countDown));
    try (Socket socket = ask()) {
      assertThat(head(reader(socket))).startsWith("HTTP/1.1 200");
      long before = -1;
      while (made.get() != before) {
        before = made.get();
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
      }
      assertThat(made.get()).as("4 GiB were not made").isLessThan(total / 8);
    }
    cancelled.await();
  }

  @Test
  void aClientThatLeavesCancelsAStreamThatWaits() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    stream(
        Flux.just("hello\n".getBytes(StandardCharsets.UTF_8))
            .concatWith(Flux.<byte[]>never())
            .doOnCancel(cancelled::countDown));
    try (Socket socket = ask()) {
      BufferedReader answer = reader(socket);
      head(answer);
      assertThat(answer.readLine()).isEqualTo("6");
      assertThat(answer.readLine()).isEqualTo("hello");
    }
    cancelled.await();
  }

  @Test
  void aStopEndsAStream() throws Exception {
    Semaphore cancelled = new Semaphore(0);
    stream(Flux.<byte[]>never().doOnCancel(cancelled::release));
    try (Socket socket = ask()) {
      head(reader(socket));
      server.close();
      cancelled.acquire();
    }
  }

  @Test
  void headAsksForNoChunk() {
    stream(Flux.error(new IllegalStateException("subscribed")));
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/stream"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(server.get("/health").statusCode()).isEqualTo(200);
  }

  private void stream(Publisher<byte[]> chunks) {
    server.serve(
        List.of(
            Route.get("/health", Scope.PROBE, call -> Mono.just(Answer.detail(200, "well"))),
            Route.stream(
                "/stream", Scope.READ, call -> Mono.just(Answer.stream("text/plain", chunks)))));
  }

  private Socket ask() throws IOException {
    Socket socket = server.socket();
    socket
        .getOutputStream()
        .write(
            "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
  }

  private static String head(BufferedReader answer) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = answer.readLine(); !line.isEmpty(); line = answer.readLine()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }
}
