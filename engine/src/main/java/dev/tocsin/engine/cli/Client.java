package dev.tocsin.engine.cli;

import dev.tocsin.wire.StoredJson;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP API of a daemon, as commands use it. Blocks. */
final class Client implements AutoCloseable {

  /** Numbers keep the digits that came. */
  static final JsonMapper MAPPER =
      StoredJson.mapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** A message for the user: the daemon cannot be reached, or refuses. */
  static final class ClientException extends Exception {
    ClientException(String message) {
      super(message, null, false, false);
    }
  }

  /** An answer: its status and its JSON, a missing node if the body is not JSON. */
  record Reply(URI url, int status, JsonNode json) {

    /** Why the daemon refused; that the server is not a daemon, if the answer has no such field. */
    String reason() {
      for (String field : new String[] {"detail", "exception_message", "message"}) {
        if (json.hasNonNull(field)) {
          return json.get(field).asString();
        }
      }
      return url + " does not answer like a Tocsin daemon (HTTP status " + status + ")";
    }
  }

  private final URI url;
  private final HttpClient http;

  /** For the daemon at an http or https URL. */
  Client(URI url) {
    this.url = url;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  /** Sends a GET with query parameters. */
  Reply get(String path, Map<String, String> query) throws ClientException {
    return send(HttpRequest.newBuilder(resolve(target(path, query))).timeout(ANSWER).build(), null);
  }

  /** Sends a POST without a body, with query parameters. */
  Reply post(String path, Map<String, String> query) throws ClientException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(resolve(target(path, query)))
            .timeout(ANSWER)
            .POST(HttpRequest.BodyPublishers.noBody());
    return send(request.build(), null);
  }

  private static String target(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return parameters.isEmpty() ? path : path + "?" + parameters;
  }

  /** Sends a stream of events; reads it only as fast as the daemon accepts it. */
  Reply stream(InputStream ndjson, boolean gzip) throws ClientException, IOException {
    RequestBody body = new RequestBody(ndjson, gzip);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(resolve("/api/events"))
            .header("Content-Type", "application/x-ndjson")
            .POST(body.publisher());
    if (gzip) {
      request.header("Content-Encoding", "gzip");
    }
    return send(request.build(), body);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private URI resolve(String target) {
    String base = url.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + target);
  }

  private Reply send(HttpRequest request, @Nullable RequestBody body) throws ClientException {
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(url, answer.statusCode(), json(answer.body()));
    } catch (ConnectException refused) {
      throw new ClientException("Cannot connect to " + url + ": is a daemon running there?");
    } catch (IOException broken) {
      IOException unread = body == null ? null : body.failure();
      throw new ClientException(
          unread == null
              ? "Lost the connection to " + url + ": " + broken.getMessage()
              : "Cannot read the input: " + FailureText.of(unread));
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
