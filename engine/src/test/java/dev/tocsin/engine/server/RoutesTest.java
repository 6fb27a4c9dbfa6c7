package dev.tocsin.engine.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class RoutesTest {

  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /a/1/b/2, 200, one=1 two=2",
    "GET, /a/1/b/2/, 200, one=1 two=2",
    "GET, /a/%2F/b/%C3%A9, 200, one=/ two=é",
    "POST, /a/filter, 200, fixed",
    "GET, /a/filter, 200, one=filter",
    "GET, /a/filter?x=1, 200, one=filter",
    "GET, /a//b/2, 404, ",
    "GET, /a/1/b, 404, ",
    "GET, /a/1/b/2/c, 404, ",
    "GET, /a, 404, ",
    "GET, /a/%ff/b/%41, 422, ",
    "DELETE, /a/1/b/2, 405, ",
    "BREW, /a/1/b/2, 501, "
  })
  void aPathWithParametersFindsItsRoute(String method, String path, int status, String body) {
    server.serve(
        List.of(
            Route.get("/a/{one}", Scope.READ, RoutesTest::echo),
            Route.get("/a/{one}/b/{two}", Scope.READ, RoutesTest::echo),
            Route.post("/a/filter", Scope.READ, call -> Mono.just(Answer.detail(200, "fixed")))));
    HttpResponse<String> answer = send(method, path);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (body != null) {
      assertThat(answer.body()).isEqualTo("{\"detail\":\"" + body + "\"}");
    }
  }

  @Test
  void allMethodsOfAPathAreAllowed() {
    assertThat(send("DELETE", "/api/events").headers().firstValue("Allow"))
        .contains("GET, HEAD, OPTIONS, POST");
    HttpResponse<String> options = send("OPTIONS", "/api/events/some-id");
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    assertThat(send("OPTIONS", "/nosuch").statusCode()).isEqualTo(404);
  }

  @Test
  void theServerAsAWholeHasOptions() throws IOException {
    assertThat(server.raw("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 204");
  }

  @Test
  void twoRoutesForOneMethodAndPathAreAMistake() {
    Route route = Route.get("/a", Scope.READ, RoutesTest::echo);
    assertThatThrownBy(() -> new RouteTable(List.of(route, route)))
        .hasMessage("two routes for GET /a");
  }

  @Test
  void theRootSaysWhereToGo() {
    HttpResponse<String> answer = server.get("/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("Tocsin", "1.2.3", "/api/events", "/ready");
  }

  @Test
  void beforeItServesOnlyProbesAreAnswered() {
    try (TestServer bound = TestServer.bound()) {
      assertThat(bound.get("/health").statusCode()).isEqualTo(200);
      assertThat(bound.get("/metrics").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = bound.get("/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("{\"message\":\"Starting\"}");
      for (HttpResponse<String> answer :
          List.of(bound.get("/api/events"), bound.post(TestServer.event("1")), bound.get("/x"))) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      }
      bound.serve();
      assertThat(bound.get("/ready").statusCode()).isEqualTo(200);
      assertThat(bound.post(TestServer.event("1")).statusCode()).isEqualTo(204);
    }
  }

  private HttpResponse<String> send(String method, String path) {
    return server.send(
        HttpRequest.newBuilder(server.uri(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private static Mono<Answer> echo(Call call) {
    StringBuilder text = new StringBuilder();
    call.path().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(
            entry -> text.append(' ').append(entry.getKey()).append('=').append(entry.getValue()));
    return Mono.just(Answer.detail(200, text.substring(1)));
  }
}
