package dev.tocsin.engine.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to a request.
 *
 * @param status of HTTP
 * @param headers by name, except those of length and connection
 * @param body what follows the head
 * @param closes whether the connection ends with it
 */
record Answer(int status, Map<String, String> headers, Content body, boolean closes) {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** The status of {@link #tooMany}. */
  static final int TOO_MANY = 429;

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** The body of an answer. */
  sealed interface Content {

    /** None at all. */
    record Empty() implements Content {}

    /** In memory as a whole, so its length is known. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Whole(byte[] bytes) implements Content {}

    /**
     * Made while it is sent. A chunk is asked for once the one before it is written to the socket,
     * so a client that does not read holds back the publisher, and one chunk is in memory. When the
     * client leaves, the publisher is cancelled.
     */
    record Streamed(Publisher<byte[]> chunks) implements Content {}
  }

  private static final Content EMPTY = new Content.Empty();

  /** 204. */
  static Answer noContent() {
    return noContent(Map.of());
  }

  /** 204 with headers. */
  static Answer noContent(Map<String, String> headers) {
    return new Answer(204, headers, EMPTY, false);
  }

  /** A JSON object with the fields that {@code fields} writes. */
  static Answer object(int status, Consumer<JsonGenerator> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = MAPPER.createGenerator(out)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return json(status, out.toByteArray());
  }

  /** JSON that is written already. */
  static Answer json(int status, byte[] body) {
    return new Answer(status, Map.of("Content-Type", JSON), new Content.Whole(body), false);
  }

  /** Metrics. */
  static Answer prometheus(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Answer(200, Map.of("Content-Type", PROMETHEUS), new Content.Whole(bytes), false);
  }

  /** 200 with chunks that are made while they are sent, each at most some 64 KiB. */
  static Answer stream(String contentType, Publisher<byte[]> chunks) {
    return new Answer(
        200, Map.of("Content-Type", contentType), new Content.Streamed(chunks), false);
  }

  /** {@code {"detail": …}}: how Prefect refuses a request for another reason than validation. */
  static Answer detail(int status, String text) {
    return object(status, json -> json.writeStringProperty("detail", text));
  }

  /** {@code {"exception_message": …}}: how Prefect reports what is missing or broken. */
  static Answer exception(int status, String text) {
    return object(status, json -> json.writeStringProperty("exception_message", text));
  }

  /** {@code {"message": …}}, as the answers to readiness are. */
  static Answer message(int status, String text) {
    return object(status, json -> json.writeStringProperty("message", text));
  }

  /** The daemon is stopping. */
  static Answer stopping() {
    return exception(503, "Service Unavailable").with("Retry-After", "5").closing();
  }

  /** The daemon is not ready yet. */
  static Answer starting() {
    return exception(503, "Service Unavailable").with("Retry-After", "1");
  }

  /** No room now. */
  static Answer tooMany(String text) {
    return detail(TOO_MANY, text).with("Retry-After", "1");
  }

  /** With one more header. */
  Answer with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, closes);
  }

  /** The same as the last of its connection. */
  Answer closing() {
    return new Answer(status, headers, body, true);
  }

  /** Bytes of the body in memory. */
  int length() {
    return body instanceof Content.Whole whole ? whole.bytes().length : 0;
  }
}
