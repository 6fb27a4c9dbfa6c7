package dev.tocsin.engine.cli;

import dev.tocsin.config.document.DurationText;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.node.ObjectNode;

/** {@code tocsin listen}: a receiver of webhooks that prints each request. */
@Command(
    name = "listen",
    description = {
      "Receives webhooks and prints each request, until Ctrl-C. For trying out automations."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tocsin listen --port 9000",
      "  tocsin listen --port 9000 --format ndjson --status 500 --delay 2s"
    })
public final class ListenCommand implements Callable<Integer> {

  private static final int MAX_BODY = 4 * 1024 * 1024;

  /** How a request is written. */
  enum RequestFormat {
    /** Lines for a person. */
    text,
    /** {@code {at, method, path, headers, body}}, one line per request. */
    ndjson
  }

  private final InstantSource clock;
  private final Termination termination;
  private final CountDownLatch done = new CountDownLatch(1);
  private int printed;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "Port to listen on, 0 to 65535; 0 chooses a free port.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Output format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private RequestFormat format = RequestFormat.text;

  @Option(
      names = "--status",
      paramLabel = "CODE",
      description = "HTTP status of the answers, 200 to 599. Default: ${DEFAULT-VALUE}.")
  private int status = 200;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Delay before each answer, such as 2s or 500ms. Default: ${DEFAULT-VALUE}.")
  private String delay = "0s";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Exit after N requests. Default: no limit.")
  private int count = Integer.MAX_VALUE;

  /**
   * A command of this process.
   *
   * @param clock for the time of a request
   * @param termination ends it
   */
  public ListenCommand(InstantSource clock, Termination termination) {
    this.clock = clock;
    this.termination = termination;
  }

  @Override
  public Integer call() throws InterruptedException {
    check(port >= 0 && port <= 65_535, "--port must be 0 to 65535, not " + port);
    check(status >= 200 && status <= 599, "--status must be 200 to 599, not " + status);
    check(count >= 1, "--count must be at least 1, not " + count);
    Duration wait = delay();
    PrintWriter err = spec.commandLine().getErr();
    termination.onRequest(done::countDown);
    try {
      DisposableServer server =
          HttpServer.create()
              .host(host)
              .port(port)
              .handle((request, response) -> receive(request, response, wait))
              .bindNow();
      InetSocketAddress address = (InetSocketAddress) server.address();
      err.println("listening on http://" + host + ":" + address.getPort());
      err.flush();
      done.await();
      server.disposeNow();
      spec.commandLine().getOut().flush();
      return 0;
    } catch (ChannelBindException taken) {
      err.println(FailureText.of(taken, "--port"));
      return 1;
    }
  }

  private Mono<Void> receive(
      HttpServerRequest request, HttpServerResponse response, Duration wait) {
    Mono<Void> received =
        request
            .receive()
            .asByteArray()
            .reduceWith(ByteArrayOutputStream::new, ListenCommand::append)
            .doOnNext(body -> print(request, body.toString(StandardCharsets.UTF_8)))
            .then();
    Mono<Void> paused = wait.isZero() ? received : received.then(Mono.delay(wait)).then();
    return paused
        .then(Mono.defer(() -> response.status(status).send().then()))
        .doFinally(end -> countDown());
  }

  private static ByteArrayOutputStream append(ByteArrayOutputStream body, byte[] piece) {
    body.write(piece, 0, Math.min(piece.length, MAX_BODY - body.size()));
    return body;
  }

  private synchronized void print(HttpServerRequest request, String body) {
    PrintWriter out = spec.commandLine().getOut();
    String line =
        switch (format) {
          case ndjson -> json(request, body);
          case text -> text(request, body);
        };
    out.println(line);
    if (out.checkError()) {
      done.countDown();
    }
  }

  private synchronized void countDown() {
    if (++printed >= count) {
      done.countDown();
    }
  }

  private String json(HttpServerRequest request, String body) {
    ObjectNode line = Client.MAPPER.createObjectNode();
    line.put("at", clock.instant().toString());
    line.put("method", request.method().name());
    line.put("path", request.uri());
    ObjectNode headers = line.putObject("headers");
    sorted(request.requestHeaders()).forEach(headers::put);
    line.put("body", body);
    return PrintableText.line(Client.MAPPER.writeValueAsString(line));
  }

  private String text(HttpServerRequest request, String body) {
    StringBuilder text = new StringBuilder();
    text.append(clock.instant()).append("  ").append(request.method().name());
    text.append(' ').append(PrintableText.line(request.uri()));
    sorted(request.requestHeaders())
        .forEach(
            (name, value) -> text.append("%n  %s: %s".formatted(name, PrintableText.line(value))));
    if (!body.isEmpty()) {
      text.append("%n%n".formatted()).append(PrintableText.lines(body).indent(2).stripTrailing());
    }
    return text.append("%n".formatted()).toString();
  }

  /** Headers by name in lower case; several of one name are joined by commas. */
  private static SortedMap<String, String> sorted(HttpHeaders headers) {
    SortedMap<String, String> sorted = new TreeMap<>();
    headers.forEach(
        header ->
            sorted.merge(
                header.getKey().toLowerCase(Locale.ROOT),
                header.getValue(),
                (before, value) -> before + ", " + value));
    return sorted;
  }

  private Duration delay() {
    Duration wait = DurationText.parse(delay);
    if (wait == null || wait.isNegative()) {
      throw usage("--delay must be a duration such as 2s or 500ms, not '" + delay + "'");
    }
    return wait;
  }

  private void check(boolean isValid, String message) {
    if (!isValid) {
      throw usage(message);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
