package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a web page in an operator's browser can do to a daemon on the same computer: nothing. */
class BrowserTest {

  private final TestServer server = TestServer.start("Tocsin.example.com", "tocsin");

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:4280",
        "127.0.0.1",
        "127.0.0.1:1",
        "192.168.1.20:4280",
        "[::1]",
        "[::1]:4280",
        "[fe80::1]:4280",
        "tocsin.example.com",
        "TOCSIN.example.com:443",
        "tocsin:4280"
      })
  void aHostOfThisServerIsAnswered(String host) throws IOException {
    assertThat(get("/api/events", "Host: " + host)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:4280",
        "localhost.evil.example",
        "127.0.0.1.evil.example:4280",
        "127.0.0.1x",
        "1.2.3",
        "1.2.3.256",
        "[::1].evil.example",
        "[tocsin]",
        "other.example.com",
        "x.tocsin.example.com"
      })
  void aForeignHostIsRefused(String host) throws IOException {
    String answer = get("/api/events", "Host: " + host);
    if (answer.startsWith("HTTP/1.1 400")) {
      assertThat(host).startsWith("[");
    } else {
      assertThat(answer).startsWith("HTTP/1.1 421").contains("'" + host + "'", "setting hosts");
    }
    assertThat(get("/nosuch", "Host: " + host)).doesNotContain("HTTP/1.1 404");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host:", "Host: a:b", "Host: localhost\r\nHost: localhost"})
  void aRequestWithoutOneSoundHostIs400(String header) throws IOException {
    assertThat(get("/api/events", header)).startsWith("HTTP/1.1 400");
  }

  @Test
  void theTargetInAbsoluteFormNamesTheHost() throws IOException {
    assertThat(get("http://localhost:1/api/events?limit=1", "Host: evil.example"))
        .startsWith("HTTP/1.1 200");
    assertThat(get("http://evil.example/api/events", "Host: localhost")).startsWith("HTTP/1.1 421");
    assertThat(get("http://localhost", "Host: localhost")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready", "/metrics", "/api/health", "/api/ready"})
  void probesAnswerUnderAnyHost(String path) throws IOException {
    assertThat(get(path, "Host: 10-1-2-3.pod.cluster.local:4280")).startsWith("HTTP/1.1 200");
    assertThat(get(path, "")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, application/json",
    "https://evil.example, text/plain",
    "https://evil.example, ",
    "null, ",
    "http://localhost:3000, ",
    "http://127.0.0.1:3000, ",
    "http://192.168.1.20, ",
    "https://tocsin.example.com.evil.example, ",
    "file://, ",
    "chrome-extension://abcdefgh, "
  })
  void aPageOfAnotherOriginCannotSendEvents(String origin, String type) throws IOException {
    String headers = "Host: localhost:4280\r\nOrigin: " + origin;
    String answer = post(type == null ? headers : headers + "\r\nContent-Type: " + type);
    assertThat(answer)
        .startsWith("HTTP/1.1 403")
        .contains("Origin '" + origin + "'", "setting hosts")
        .doesNotContainIgnoringCase("access-control-allow");
    assertThat(server.store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void norCanAPageThatHidesItsOrigin(String site) throws IOException {
    String answer = post("Host: localhost:4280\r\nSec-Fetch-Site: " + site);
    assertThat(answer)
        .startsWith("HTTP/1.1 403")
        .contains("Sec-Fetch-Site '" + site + "'", "setting hosts");
    assertThat(server.store.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:4280, http://localhost:4280, same-origin",
    "tocsin.example.com, https://tocsin.example.com, same-origin",
    "tocsin.example.com:443, https://tocsin.example.com, same-origin",
    "127.0.0.1:4280, https://TOCSIN.example.com, same-origin",
    "localhost:4280, , none",
    "localhost:4280, , "
  })
  void aPageOfThisServerAndAnyOtherClientCan(String host, String origin, String site)
      throws IOException {
    String headers = "Host: " + host;
    headers += origin == null ? "" : "\r\nOrigin: " + origin;
    headers += site == null ? "" : "\r\nSec-Fetch-Site: " + site;
    assertThat(post(headers)).startsWith("HTTP/1.1 204");
    assertThat(server.store.all()).hasSize(1);
  }

  @Test
  void aLinkOfAnotherPageStillReads() throws IOException {
    assertThat(
            get(
                "/api/events",
                "Host: localhost\r\nOrigin: https://evil.example\r\nSec-Fetch-Site: cross-site"))
        .startsWith("HTTP/1.1 200")
        .doesNotContainIgnoringCase("access-control-allow");
  }

  @Test
  void aStreamIsNotOpenedForAPageOfAnotherOrigin() throws IOException {
    server.serve(
        List.of(
            Route.stream(
                "/stream",
                Scope.READ,
                call -> Mono.just(Answer.stream("text/event-stream", Flux.empty())))));
    assertThat(get("/stream", "Host: localhost\r\nOrigin: https://evil.example"))
        .startsWith("HTTP/1.1 403");
    assertThat(get("/stream", "Host: localhost\r\nSec-Fetch-Site: cross-site"))
        .startsWith("HTTP/1.1 403");
    assertThat(get("/stream", "Host: localhost")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aPreflightIsNotAllowed() {
    HttpResponse<String> answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/events"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .build());
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
  }

  private String get(String target, String headers) throws IOException {
    return server.raw("GET " + target + " HTTP/1.1\r\n" + lines(headers) + "\r\n");
  }

  private String post(String headers) throws IOException {
    String body = event("1");
    return server.raw(
        "POST /api/events HTTP/1.1\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + lines(headers)
            + "\r\n"
            + body);
  }

  private static String lines(String headers) {
    return headers.isEmpty() ? "Connection: close\r\n" : headers + "\r\nConnection: close\r\n";
  }
}
