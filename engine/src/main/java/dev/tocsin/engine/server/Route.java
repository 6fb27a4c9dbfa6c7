package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * One line of the table of routes.
 *
 * @param method of the request; a route for GET serves HEAD too
 * @param path with at most one {@code {name}}, which stands for one whole segment
 * @param handler answers
 */
record Route(HttpMethod method, String path, Function<Call, Mono<Answer>> handler) {

  /**
   * A request on its way through a route.
   *
   * @param request as it came
   * @param parameter the decoded segment of the path, empty where the route has none
   * @param held takes the bytes of a large answer; closed when it is sent or the connection is gone
   */
  record Call(HttpServerRequest request, String parameter, BodyBudget.Share held) {}

  boolean serves(HttpMethod asked) {
    return method.equals(asked) || (method.equals(HttpMethod.GET) && asked.equals(HttpMethod.HEAD));
  }

  /** The raw segment in place of the parameter, empty where there is none; null if another path. */
  @Nullable String match(String asked) {
    int brace = path.indexOf('{');
    if (brace < 0) {
      return asked.equals(path) ? "" : null;
    }
    if (!asked.startsWith(path.substring(0, brace))) {
      return null;
    }
    String segment = asked.substring(brace);
    return segment.isEmpty() || segment.indexOf('/') >= 0 ? null : segment;
  }

  /** The methods of routes as an {@code Allow} header names them. */
  static String allow(List<Route> routes) {
    return String.join(
        ", ",
        routes.stream()
            .map(
                route ->
                    route.method().equals(HttpMethod.GET) ? "GET, HEAD" : route.method().name())
            .distinct()
            .sorted()
            .toList());
  }

  /** A segment without its percent signs (RFC 3986 section 2.1), or null where it is not UTF-8. */
  static @Nullable String decode(String segment) {
    byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        decoded.put(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }
}
