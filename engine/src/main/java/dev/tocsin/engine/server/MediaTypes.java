package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What reads a body, by its media type.
 *
 * @param <R> that which reads it
 */
final class MediaTypes<R> {

  private final Map<String, R> readers = new LinkedHashMap<>();
  private final R untyped;

  /**
   * With one type.
   *
   * @param type in lower case; a body without {@code Content-Type} is taken as of this type
   */
  MediaTypes(String type, R reader) {
    readers.put(type, reader);
    untyped = reader;
  }

  /** Adds a type, which is in lower case. */
  MediaTypes<R> and(String type, R reader) {
    readers.put(type, reader);
    return this;
  }

  /**
   * The reader of a request's body.
   *
   * @throws RefusedException 415 for an unknown type
   */
  R of(HttpServerRequest request) {
    @Nullable String header = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
    if (header == null) {
      return untyped;
    }
    R exact = readers.get(header);
    if (exact != null) {
      return exact;
    }
    int semicolon = header.indexOf(';');
    String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    if (type.isEmpty()) {
      return untyped;
    }
    R reader = readers.get(type.toLowerCase(Locale.ROOT));
    if (reader == null) {
      throw new RefusedException(
          Answer.detail(
                  415,
                  "Content-Type must be %s, not '%s'."
                      .formatted(String.join(" or ", readers.keySet()), type))
              .with("Accept", String.join(", ", readers.keySet()))
              .closing());
    }
    return reader;
  }
}
