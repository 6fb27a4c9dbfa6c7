package dev.tocsin.engine.server;

import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.Settings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.pipeline.Readiness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A running server on a free port, with an intake and a store in memory. */
public final class TestServer implements AutoCloseable {

  /** Where the clock of the server stands. */
  public static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  /** Largest body, in bytes. */
  public static final int MAX_BODY = 200_000;

  /** Most events of a list. */
  public static final int INTAKE_CAPACITY = 1_000;

  /** A socket that is silent for so long fails its test. */
  private static final int SILENCE_MILLIS = 60_000;

  public final FakeStore store = new FakeStore();
  public final FakeIntake intake = new FakeIntake(store);
  public final Metrics metrics = new Metrics();
  public final HttpApi api;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(Settings settings) {
    this.api = get(bind(settings));
  }

  private static Settings settings(
      int port, int maxConnections, Duration bodyTimeout, Duration idleTimeout, String... hosts) {
    Map<String, List<String>> flags =
        Map.of(
            "hosts", List.of(String.join(",", hosts)),
            "listen", List.of("127.0.0.1:" + port),
            "max_event_bytes", List.of("100000"),
            "intake_capacity", List.of(Integer.toString(INTAKE_CAPACITY)),
            "max_body_bytes", List.of(Integer.toString(MAX_BODY)),
            "max_connections", List.of(Integer.toString(maxConnections)),
            "body_timeout", List.of(bodyTimeout.toString()),
            "idle_timeout", List.of(idleTimeout.toString()));
    EffectiveSettings effective = SettingsReader.read(null, Map.of(), flags);
    if (effective.hasErrors()) {
      throw new IllegalArgumentException(effective.problems().toString());
    }
    return effective.settings();
  }

  private Mono<HttpApi> bind(Settings settings) {
    return HttpApi.bind(settings, metrics, InstantSource.fixed(NOW), Schedulers.parallel());
  }

  /** Opens a server that was only bound. */
  public void serve() {
    api.serve(parts());
  }

  /** Serves these routes in place of those of the API. */
  void serve(List<Route> routes) {
    api.serve(parts(), routes);
  }

  private ServerParts parts() {
    return new ServerParts(
        intake,
        InstantSource.fixed(NOW),
        store,
        new About("1.2.3", NOW, "memory"),
        () -> new Readiness(true, List.of()),
        null);
  }

  /** Tries to listen where a server listens already. */
  public static Mono<HttpApi> bindAgain(TestServer server) {
    Duration minute = Duration.ofMinutes(1);
    return server.bind(settings(server.port(), 10, minute, minute));
  }

  public static TestServer start(int maxConnections, Duration bodyTimeout, Duration idleTimeout) {
    TestServer server = new TestServer(settings(0, maxConnections, bodyTimeout, idleTimeout));
    server.serve();
    return server;
  }

  /** A server that answers under these names besides its own. */
  public static TestServer start(String... hosts) {
    Duration minute = Duration.ofMinutes(1);
    TestServer server = new TestServer(settings(0, 10_000, minute, minute, hosts));
    server.serve();
    return server;
  }

  /** A server that holds its address and is not open yet. */
  public static TestServer bound() {
    Duration minute = Duration.ofMinutes(1);
    return new TestServer(settings(0, 10_000, minute, minute));
  }

  /** Waits for what a mono gives. */
  public static <T> T get(Mono<T> mono) {
    return mono.toFuture().join();
  }

  public int port() {
    return api.address().getPort();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  /** Posts events with headers of alternating names and values. */
  public HttpResponse<String> post(byte[] body, String... headers) {
    return postTo("/api/events", body, headers);
  }

  /** Posts to a path with its query. */
  public HttpResponse<String> postTo(String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  public HttpResponse<String> post(String body, String... headers) {
    return post(body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Sends raw bytes and reads until the server closes. */
  public String raw(String text) throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  public Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  /** An event as JSON. */
  public static String event(String id) {
    return "{\"id\":\"%s\",\"occurred\":\"2026-11-23T07:00:00Z\",\"event\":\"a.b\",\"resource\":{\"prefect.resource.id\":\"r\"}}"
        .formatted(id);
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public static byte[] gzip(String text) {
    return gzip(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    client.close();
    var _ = api.stop(Duration.ofSeconds(5)).toFuture().join();
  }
}
