package dev.tocsin.engine.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What a request is answered with. */
final class Answer {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The status of {@link #tooMany}. */
  static final int TOO_MANY = 429;

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final int status;
  private final Map<String, String> headers;
  private final byte @Nullable [] body;
  private final boolean close;

  private Answer(int status, Map<String, String> headers, byte @Nullable [] body, boolean close) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.close = close;
  }

  /** 204. */
  static Answer noContent() {
    return new Answer(204, Map.of(), null, false);
  }

  /** A JSON object whose fields the writer writes. */
  static Answer object(int status, Consumer<JsonGenerator> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return json(status, out.toByteArray());
  }

  /** JSON as it is. */
  static Answer json(int status, byte[] body) {
    return new Answer(status, Map.of("Content-Type", JSON), body, false);
  }

  /** Meters. */
  static Answer prometheus(String text) {
    return new Answer(
        200, Map.of("Content-Type", PROMETHEUS), text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** {@code {"detail": …}}: how Prefect refuses what is no matter of validation. */
  static Answer detail(int status, String text) {
    return object(status, json -> json.writeStringProperty("detail", text));
  }

  /** {@code {"exception_message": …}}: how Prefect says that something is missing or broken. */
  static Answer exception(int status, String text) {
    return object(status, json -> json.writeStringProperty("exception_message", text));
  }

  /** The engine is stopping. */
  static Answer stopping() {
    return exception(503, "Service Unavailable").with("Retry-After", "5").closing();
  }

  /** No room now. */
  static Answer tooMany(String text) {
    return detail(TOO_MANY, text).with("Retry-After", "1");
  }

  Answer with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, close);
  }

  Answer closing() {
    return new Answer(status, headers, body, true);
  }

  /** The HTTP status. */
  int status() {
    return status;
  }

  /** Headers by name, besides those of length and connection. */
  Map<String, String> headers() {
    return headers;
  }

  /** The body, or null for none. */
  byte @Nullable [] body() {
    return body;
  }

  /** Bytes of the body. */
  int length() {
    return body == null ? 0 : body.length;
  }

  /** Whether the connection ends with it. */
  boolean closes() {
    return close;
  }
}
