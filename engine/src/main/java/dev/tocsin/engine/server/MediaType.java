package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/** What a body of events is. */
enum MediaType {
  /** A list of events, or one event; also a body that does not say what it is. */
  JSON,
  /** Events one a line. */
  NDJSON;

  /** What the request says; any other type is refused with 415. */
  static MediaType of(HttpServerRequest request) {
    @Nullable String said = request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
    int parameters = said == null ? -1 : said.indexOf(';');
    String type =
        said == null ? "" : (parameters < 0 ? said : said.substring(0, parameters)).strip();
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "", "application/json" -> JSON;
      case "application/x-ndjson" -> NDJSON;
      default ->
          throw new RefusedException(
              Answer.detail(
                      415,
                      "Content-Type must be application/json or application/x-ndjson, not '"
                          + type
                          + "'.")
                  .with("Accept", "application/json, application/x-ndjson")
                  .closing());
    };
  }
}
