package dev.tocsin.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ListenCommandTest {

  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  private final HttpClient client = HttpClient.newHttpClient();
  private final StringWriter out = new StringWriter();
  private final AtomicReference<Runnable> terminate = new AtomicReference<>(() -> {});

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void arrivingRequestsAreLinesOfJson() throws Exception {
    Running running = listen("--port=0", "--format=ndjson", "--count=2", "--status=202");
    assertThat(post(running, "/hook?a=b", "{\"text\":\"é\"}").statusCode()).isEqualTo(202);
    assertThat(post(running, "/", "not json").statusCode()).isEqualTo(202);
    assertThat(running.exit().join()).isZero();
    JsonNode first =
        JsonMapper.builder().build().readTree(out.toString().lines().toList().getFirst());
    assertThat(first.propertyNames()).containsExactly("at", "method", "path", "headers", "body");
    assertThat(first.get("at").asString()).isEqualTo("2026-11-23T08:00:00Z");
    assertThat(first.get("method").asString()).isEqualTo("POST");
    assertThat(first.get("path").asString()).isEqualTo("/hook?a=b");
    assertThat(first.get("headers").get("x-test").asString()).isEqualTo("yes");
    assertThat(first.get("body").asString()).isEqualTo("{\"text\":\"é\"}");
    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void aPersonReadsText() throws Exception {
    Running running = listen("--port", "0", "--count", "1", "--delay", "1ms");
    assertThat(post(running, "/hook", "hello").statusCode()).isEqualTo(200);
    assertThat(running.exit().join()).isZero();
    assertThat(out.toString())
        .startsWith("2026-11-23T08:00:00Z  POST /hook")
        .contains("  x-test: yes", "  hello");
  }

  @Test
  void whatATerminalWouldActOnIsEscaped() throws Exception {
    Running text = listen("--port=0", "--count=1");
    post(text, "/", "\u001b]0;title\u0007\tred\u009b31m\n\u202eleft");
    assertThat(text.exit().join()).isZero();
    assertThat(out.toString())
        .contains("  \\u001b]0;title\\u0007\tred\\u009b31m\n  \\u202eleft")
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e]");
  }

  @Test
  void theSameIsEscapedInJson() throws Exception {
    Running json = listen("--port=0", "--count=1", "--format=ndjson");
    post(json, "/", "\u001b\u009b\u202e");
    assertThat(json.exit().join()).isZero();
    assertThat(out.toString()).contains("\\u009b\\u202e");
    assertThat(JsonMapper.builder().build().readTree(out.toString()).get("body").asString())
        .isEqualTo("\u001b\u009b\u202e");
  }

  @Test
  void itEndsWhenAskedTo() throws Exception {
    Running running = listen("--port", "0");
    post(running, "/", "x");
    Objects.requireNonNull(terminate.get()).run();
    assertThat(running.exit().join()).isZero();
  }

  @Test
  void aTakenPortIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CommandRun run = CommandRun.of(command(), "--port", Integer.toString(taken.getLocalPort()));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err())
          .isEqualToIgnoringNewLines(
              "Cannot listen on 127.0.0.1:%d: address in use. Stop the process that uses it, or choose another with --port"
                  .formatted(taken.getLocalPort()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--status=1",
        "--port=0 --status=99",
        "--port=70000",
        "--port=0 --delay=x",
        "--port=0 --delay=-1s",
        "--port=0 --count=0"
      })
  void wrongUsageIsTwo(String arguments) {
    CommandRun run = CommandRun.of(command(), arguments.split(" "));
    assertThat(run.exit()).isEqualTo(2);
  }

  /** A command that listens. */
  private record Running(URI url, CompletableFuture<Integer> exit) {}

  private Running listen(String... arguments) throws IOException {
    PipedWriter err = new PipedWriter();
    BufferedReader errors = new BufferedReader(new PipedReader(err));
    CommandLine line =
        new CommandLine(command()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> line.execute(arguments));
    String first = errors.readLine();
    assertThat(first).startsWith("listening on http://127.0.0.1:");
    return new Running(URI.create(first.substring("listening on ".length())), exit);
  }

  private ListenCommand command() {
    return new ListenCommand(InstantSource.fixed(NOW), terminate::set);
  }

  private HttpResponse<String> post(Running running, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(running.url().resolve(path))
            .header("X-Test", "yes")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
