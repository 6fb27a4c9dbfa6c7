package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Locale;
import reactor.netty.http.server.HttpServerRequest;

/** How a body is compressed (RFC 9110 section 8.4). */
enum Encoding {
  /** Not at all. */
  IDENTITY,
  /** With gzip. */
  GZIP;

  /** That of the request; another one, or several, is refused with 415. */
  static Encoding of(HttpServerRequest request) {
    List<String> codings = request.requestHeaders().getAll(HttpHeaderNames.CONTENT_ENCODING);
    String coding = String.join(", ", codings).strip().toLowerCase(Locale.ROOT);
    return switch (coding) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      default ->
          throw new RefusedException(
              Answer.detail(415, "Content-Encoding must be gzip or identity, not '" + coding + "'.")
                  .with("Accept-Encoding", "gzip, identity")
                  .closing());
    };
  }
}
