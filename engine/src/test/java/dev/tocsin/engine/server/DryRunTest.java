package dev.tocsin.engine.server;

import static dev.tocsin.engine.server.TestServer.event;
import static dev.tocsin.engine.server.TestServer.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.pipeline.Intake.Receipt;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** {@code POST /api/events?dry_run=true}: the answer of a real one, and nothing taken in. */
class DryRunTest {

  private static final String DRY = "/api/events?dry_run=true";

  private final TestServer server = TestServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{bad", "{}", "[{\"id\":\"1\"},5]", "\u0000"})
  void aListIsAnsweredAsARealOne(String body) {
    assertSameAnswer(body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
  }

  @Test
  void soundEventsAreAnsweredAsTakenAndAreNot() {
    byte[] list = ("[" + event("1") + "," + event("2") + "]").getBytes(StandardCharsets.UTF_8);
    assertThat(server.postTo(DRY, list).statusCode()).isEqualTo(204);
    assertThat(server.postTo(DRY, gzip(list), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(204);
    assertThat(server.store.all()).isEmpty();
    assertThat(server.intake.sizes()).isEmpty();
    assertSameAnswer(list);
    assertThat(server.store.all()).hasSize(2);
  }

  @Test
  void aListOverTheBoundIsRefusedAsARealOne() {
    String list =
        IntStream.rangeClosed(0, TestServer.INTAKE_CAPACITY)
            .mapToObj(i -> event("e" + i))
            .collect(Collectors.joining(",", "[", "]"));
    assertSameAnswer(gzip(list), "Content-Encoding", "gzip");
  }

  @Test
  void aStreamIsCountedAsARealOne() {
    String good =
        IntStream.range(0, 2_000)
            .mapToObj(i -> event("e" + i) + "\n")
            .collect(Collectors.joining());
    byte[] lines = (good + "{bad\n{}\n" + event("last")).getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> dry = server.postTo(DRY, lines, "Content-Type", "application/x-ndjson");
    assertThat(dry.body()).contains("\"accepted\":2001,\"duplicates\":0,\"refused\":2");
    assertThat(server.store.all()).isEmpty();
    assertSameAnswer(lines, "Content-Type", "application/x-ndjson");
    assertThat(server.store.all()).hasSize(2_001);
  }

  @Test
  void whatIsRefusedIsNotCounted() {
    assertThat(server.postTo(DRY, new byte[] {'{'}).statusCode()).isEqualTo(422);
    server.postTo(
        DRY, "{}\n".getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-ndjson");
    assertThat(server.get("/metrics").body()).contains("tocsin_events_refused_total 0.0");
  }

  @Test
  void anEngineThatIsFullAnswersIt() {
    server.intake.next(Mono.just(new Receipt.Overflow()));
    byte[] one = event("1").getBytes(StandardCharsets.UTF_8);
    assertThat(server.postTo(DRY, one).statusCode()).isEqualTo(204);
    assertThat(server.post(one).statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dry_run=yes",
        "dry_run",
        "dry_run=",
        "dry_run=TRUE",
        "dry_run=1",
        "dry_run=true&dry_run=false"
      })
  void aValueThatIsNeitherTrueNorFalseIsRefused(String query) {
    HttpResponse<String> answer =
        server.postTo("/api/events?" + query, event("1").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"loc\":[\"query\"");
    assertThat(server.store.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dry_run=false", "x=1&x=2", "", "dryrun=true"})
  void otherwiseEventsAreTaken(String query) {
    HttpResponse<String> answer =
        server.postTo("/api/events?" + query, event("1").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(server.store.all()).hasSize(1);
  }

  private void assertSameAnswer(byte[] body, String... headers) {
    HttpResponse<String> dry = server.postTo(DRY, body, headers);
    HttpResponse<String> real = server.post(body, headers);
    assertThat(List.of(dry.statusCode(), dry.body()))
        .isEqualTo(List.of(real.statusCode(), real.body()));
  }
}
