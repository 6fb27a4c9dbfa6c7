package dev.tocsin.engine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon's HTTP API as commands use it. Blocks. */
final class Client implements AutoCloseable {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** What a person is told where the daemon cannot be asked or does not understand. */
  static final class ClientException extends Exception {
    ClientException(String message) {
      super(message, null, false, false);
    }
  }

  /** An answer: its status and its JSON, which is missing where there is none. */
  record Reply(int status, JsonNode json) {

    /** What a refusal says. */
    String reason() {
      for (String field : new String[] {"detail", "exception_message", "message"}) {
        if (json.hasNonNull(field)) {
          return json.get(field).asString();
        }
      }
      return "HTTP status " + status;
    }
  }

  private final URI url;
  private final HttpClient http;

  private Client(URI url) {
    this.url = url;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  /** For the daemon at an http or https URL. */
  static Client of(URI url) throws ClientException {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw new ClientException("--url must be like http://127.0.0.1:4280; is " + url);
    }
    return new Client(url);
  }

  /** Asks with query parameters; those without a value are left out. */
  Reply get(String path, Map<String, String> query) throws ClientException {
    String parameters =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String target = parameters.isEmpty() ? path : path + "?" + parameters;
    return send(HttpRequest.newBuilder(resolve(target)).timeout(ANSWER).build(), null);
  }

  /** Sends a stream of events; read only as fast as the daemon takes it. */
  Reply stream(InputStream ndjson, boolean gzip) throws ClientException {
    AtomicReference<@Nullable IOException> unread = new AtomicReference<>();
    InputStream noting = new NotingInputStream(ndjson, unread);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(resolve("/api/events"))
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> noting));
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    return send(request.build(), unread);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private URI resolve(String target) {
    String base = url.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + target);
  }

  private Reply send(HttpRequest request, @Nullable AtomicReference<@Nullable IOException> unread)
      throws ClientException {
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(answer.statusCode(), json(answer.body()));
    } catch (ConnectException refused) {
      throw new ClientException("cannot reach " + url + ": is a daemon running there?");
    } catch (IOException broken) {
      IOException input = unread == null ? null : unread.get();
      throw new ClientException(
          input == null
              ? "lost the connection to " + url + ": " + broken.getMessage()
              : "cannot read the input: " + input.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClientException("interrupted");
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException notJson) {
      return MAPPER.missingNode();
    }
  }
}
