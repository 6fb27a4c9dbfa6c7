package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What reads a body, by its media type.
 *
 * @param <R> that which reads it
 */
final class MediaTypes<R> {

  /** UTF-8, and what is a part of it. */
  private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii");

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
   * @throws RefusedException 415 for an unknown type, or a charset other than UTF-8
   */
  R of(HttpServerRequest request) {
    List<String> headers = request.requestHeaders().getAll(HttpHeaderNames.CONTENT_TYPE);
    if (headers.isEmpty()) {
      return untyped;
    }
    String header = String.join(", ", headers);
    R exact = readers.get(header);
    if (exact != null) {
      return exact;
    }
    int semicolon = header.indexOf(';');
    String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
    checkCharset(semicolon < 0 ? "" : header.substring(semicolon + 1));
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

  private static void checkCharset(String parameters) {
    for (String parameter : parameters.split(";", -1)) {
      int equals = parameter.indexOf('=');
      if (equals < 0 || !parameter.substring(0, equals).strip().equalsIgnoreCase("charset")) {
        continue;
      }
      String charset = parameter.substring(equals + 1).strip().replace("\"", "");
      if (!CHARSETS.contains(charset.toLowerCase(Locale.ROOT))) {
        throw new RefusedException(
            Answer.detail(415, "The charset of a body must be utf-8, not '" + charset + "'.")
                .closing());
      }
    }
  }
}
