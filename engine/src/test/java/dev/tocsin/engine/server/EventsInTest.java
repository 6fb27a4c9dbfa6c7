package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static dev.tocsin.engine.server.TestServer.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import dev.tocsin.triggers.Event;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventsInTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aListIsTakenInItsOrder() {
    HttpResponse<String> answer =
        server.post("[" + event("1") + "," + event("2") + "]", "Content-Type", "application/json");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(ids()).containsExactly("1", "2");
    assertThat(server.store.all()).allMatch(e -> e.received().equals(TestServer.NOW));
  }

  @Test
  void oneObjectIsTakenWithAndWithoutAContentType() {
    assertThat(server.post(event("1"), "Content-Type", "application/json; charset=utf-8"))
        .matches(answer -> answer.statusCode() == 204);
    assertThat(server.post(event("2")).statusCode()).isEqualTo(204);
    assertThat(ids()).containsExactly("1", "2");
  }

  @Test
  void anEmptyListAndAKnownIdAreFine() {
    assertThat(server.post("[]").statusCode()).isEqualTo(204);
    assertThat(server.post(event("1")).statusCode()).isEqualTo(204);
    assertThat(server.post(event("1")).statusCode()).isEqualTo(204);
    assertThat(ids()).containsExactly("1");
  }

  @Test
  void theAnswerCountsWhatWasAcceptedWithoutABody() {
    server.post(event("1"));
    HttpResponse<String> answer =
        server.post("[" + event("1") + "," + event("2") + "," + event("2") + "]");
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValue("Tocsin-Accepted")).contains("1");
    assertThat(answer.headers().firstValue("Tocsin-Duplicates")).contains("2");
    assertThat(answer.headers().firstValue("Tocsin-Warnings")).contains("0");
    assertThat(ids()).containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/events", "/api/events?dry_run=true"})
  void aMisspelledFieldIsAWarning(String path) {
    String body = "[" + event("1") + "," + with("\"paylod\":{},\"colour\":1") + "]";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> answer = server.postTo(path, bytes);
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("Tocsin-Warnings")).contains("1");

    HttpResponse<String> told = server.postTo(path, bytes, "Prefer", "return=representation");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.headers().firstValue("Preference-Applied")).contains("return=representation");
    JsonNode json = MAPPER.readTree(told.body());
    assertThat(json.get("accepted").asInt() + json.get("duplicates").asInt()).isEqualTo(2);
    assertThat(json.get("refused").asInt()).isZero();
    assertThat(json.get("warnings"))
        .isEqualTo(
            MAPPER.readTree(
                "[{\"loc\":[1,\"paylod\"],\"type\":\"unknown_field\",\"msg\":\"Unknown field,"
                    + " ignored; did you mean payload?\",\"path\":\"$[1].paylod\"}]"));
  }

  @Test
  void aListWithOneBadEventIsRefusedAsAWholeInTheShapeOfPrefect() {
    String bad =
        event("2").replace("\"occurred\":\"2026-11-23T07:00:00Z\"", "\"occurred\":\"soon\"");
    String body = "[" + event("1") + "," + bad + "]";
    HttpResponse<String> answer = server.post(body);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode json = MAPPER.readTree(answer.body());
    assertThat(json.get("exception_message").asString()).isEqualTo("Invalid request received.");
    JsonNode problem = json.get("exception_detail").get(0);
    assertThat(problem.get("loc").toString()).isEqualTo("[\"body\",1,\"occurred\"]");
    assertThat(problem.get("msg").asString()).contains("soon");
    assertThat(problem.get("ctx").get("path").asString()).isEqualTo("$[1].occurred");
    assertThat(json.get("request_body")).isEqualTo(MAPPER.readTree(body));
    assertThat(ids()).isEmpty();
    assertThat(server.get("/metrics").body()).contains("tocsin_events_refused_total 1.0");
  }

  static Stream<Arguments> badBodies() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    String labels =
        IntStream.range(0, 500)
            .mapToObj(i -> "\"l" + i + "\":\"v\"")
            .collect(Collectors.joining(","));
    String related =
        IntStream.range(0, 101)
            .mapToObj(i -> "{\"prefect.resource.id\":\"x\",\"prefect.resource.role\":\"y\"}")
            .collect(Collectors.joining(","));
    return Stream.of(
        Arguments.of("{bad", "Not JSON"),
        Arguments.of("", "Not JSON"),
        Arguments.of("5", "5"),
        Arguments.of("[5]", "5"),
        Arguments.of("{}", "occurred"),
        Arguments.of(with("\"payload\":" + deep), "250"),
        Arguments.of(deep, ""),
        Arguments.of(with("\"id\":\"again\""), "id"),
        Arguments.of(with("\"related\":[" + related + "]"), "100"),
        Arguments.of(
            "{\"id\":\"1\",\"occurred\":\"2026-11-23T07:00:00Z\",\"event\":\"a\",\"resource\":{"
                + "\"prefect.resource.id\":\"r\","
                + labels
                + "}}",
            "500"),
        Arguments.of(event("\\u0000"), "NUL"),
        Arguments.of(event("\\ud800"), "surrogate"),
        Arguments.of(event("1").replace("07:00:00Z", "07:00:00"), "offset"),
        Arguments.of(event("1").replace("2026-", "10000-"), "10000"),
        Arguments.of(event("1").replace("T07", "T11"), "future"),
        Arguments.of(with("\"payload\":{\"a\":\"" + "x".repeat(100_000) + "\"}"), "100000"));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void aBadBodyIsRefusedWithItsReason(String body, String reason) {
    HttpResponse<String> answer = server.post(body);
    assertThat(answer.statusCode()).isEqualTo(422);
    JsonNode problems = MAPPER.readTree(answer.body()).get("exception_detail");
    assertThat(problems.get(0).get("loc").get(0).asString()).isEqualTo("body");
    assertThat(problems.toString()).containsIgnoringCase(reason);
    assertThat(ids()).isEmpty();
    assertThat(server.post(event("good")).statusCode()).isEqualTo(204);
  }

  @Test
  void badUtf8IsRefused() {
    byte[] body = event("1").getBytes(StandardCharsets.UTF_8);
    body[8] = (byte) 0xff;
    HttpResponse<String> answer = server.post(body);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Not UTF-8");
  }

  static Stream<byte[]> bodiesThatAreNoJson() {
    return Stream.of(
        "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_16BE),
        "{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_16LE),
        "{\"id\":\"a\"}".getBytes(Charset.forName("UTF-32BE")),
        "{\"id\":\"a\"} x".getBytes(StandardCharsets.UTF_8),
        "\ufeff{}".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("bodiesThatAreNoJson")
  void aBodyThatIsNoJsonIsSentBackAsText(byte[] body) {
    HttpResponse<String> answer = server.post(body);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(MAPPER.readTree(answer.body()).get("request_body").asString())
        .isEqualTo(new String(body, StandardCharsets.UTF_8));
  }

  @Test
  void anotherMediaTypeOrCodingIs415() {
    HttpResponse<String> text = server.post(event("1"), "Content-Type", "text/plain");
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.body()).contains("application/x-ndjson", "text/plain");
    HttpResponse<String> brotli = server.post(event("1"), "Content-Encoding", "br");
    assertThat(brotli.statusCode()).isEqualTo(415);
    assertThat(brotli.body()).contains("gzip", "br");
    assertThat(ids()).isEmpty();
  }

  @Test
  void gzipIsUnpacked() {
    byte[] two = gzip("[" + event("1") + "," + event("2") + "]");
    assertThat(server.post(two, "Content-Encoding", "gzip").statusCode()).isEqualTo(204);
    assertThat(ids()).containsExactly("1", "2");
  }

  @Test
  void truncatedOrFalseGzipIs400() {
    byte[] whole = gzip(event("1"));
    for (int length : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
      HttpResponse<String> cut =
          server.post(Arrays.copyOf(whole, length), "Content-Encoding", "gzip");
      assertThat(cut.statusCode()).isEqualTo(400);
      assertThat(cut.body()).contains("is truncated", "nothing was accepted");
    }
    HttpResponse<String> plain = server.post(event("1"), "Content-Encoding", "gzip");
    assertThat(plain.statusCode()).isEqualTo(400);
    assertThat(plain.body()).contains("not gzip");
    assertThat(server.post("hello", "Content-Encoding", "gzip").body()).contains("not gzip");
    for (String junk : new String[] {"x", "junk after the end"}) {
      byte[] longer = Arrays.copyOf(whole, whole.length + junk.length());
      System.arraycopy(
          junk.getBytes(StandardCharsets.UTF_8), 0, longer, whole.length, junk.length());
      assertThat(server.post(longer, "Content-Encoding", "gzip").body())
          .contains("followed by data that is not gzip");
    }
    byte[] damaged = whole.clone();
    damaged[damaged.length - 6]++;
    assertThat(server.post(damaged, "Content-Encoding", "gzip").body()).contains("checksum");
    assertThat(ids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {TestServer.MAX_BODY + 1, 3 * TestServer.MAX_BODY})
  void aBodyOverTheBoundIs413(int size) {
    HttpResponse<String> answer = server.post(new byte[size]);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("max_body_bytes", String.valueOf(TestServer.MAX_BODY));
  }

  @Test
  void aGzipBombIs413() {
    HttpResponse<String> answer =
        server.post(gzip(new byte[100_000_000]), "Content-Encoding", "gzip");
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("max_body_bytes");
  }

  @Test
  void aListOfMoreThanTheIntakeEverHoldsIs413() {
    String body =
        IntStream.rangeClosed(0, TestServer.INTAKE_CAPACITY)
            .mapToObj(i -> event("e" + i))
            .collect(Collectors.joining(",", "[", "]"));
    HttpResponse<String> answer = server.post(gzip(body), "Content-Encoding", "gzip");
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("intake_capacity", "1000");
  }

  @Test
  void aListIsReadNoFurtherThanToTheEventThatIsTooMany() {
    String body =
        IntStream.rangeClosed(0, TestServer.INTAKE_CAPACITY)
            .mapToObj(i -> event("e" + i))
            .collect(Collectors.joining(",", "[", ", not JSON"));
    assertThat(server.post(gzip(body), "Content-Encoding", "gzip").statusCode()).isEqualTo(413);
  }

  @Test
  void aFullIntakeIs429AndAClosedOne503() {
    server.intake.next(Mono.just(new Receipt.Overflow()));
    HttpResponse<String> full = server.post(event("1"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).contains("1");
    server.intake.next(Mono.just(new Receipt.Closed()));
    HttpResponse<String> closed = server.post(event("1"));
    assertThat(closed.statusCode()).isEqualTo(503);
    assertThat(closed.body()).isEqualTo("{\"exception_message\":\"Service Unavailable\"}");
    assertThat(ids()).isEmpty();
  }

  @Test
  void aSenderThatAsksFirstIsToldToGoOn() {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/api/events"))
            .expectContinue(true)
            .POST(HttpRequest.BodyPublishers.ofString(event("1")))
            .build();
    assertThat(server.send(request).statusCode()).isEqualTo(204);
  }

  @Test
  void aBodyDeclaredFarOverTheBoundIsRefusedUnread() throws IOException {
    String head =
        "POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n";
    assertThat(server.raw(head))
        .startsWith("HTTP/1.1 413")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void aFailureOfTheEngineIs500WithoutItsReason() {
    server.intake.next(Mono.error(new IllegalStateException("secret of the engine")));
    HttpResponse<String> answer = server.post(event("1"));
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("{\"exception_message\":\"Internal Server Error\"}");
    assertThat(server.post(event("1")).statusCode()).isEqualTo(204);
  }

  private List<String> ids() {
    return server.store.all().stream().map(Event::id).toList();
  }

  private static String with(String field) {
    String event = event("1");
    return event.substring(0, event.length() - 1) + "," + field + "}";
  }
}
