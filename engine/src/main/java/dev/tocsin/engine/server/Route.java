package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpMethod;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A route.
 *
 * @param method of the request; a route for GET serves HEAD too
 * @param path may have parameters
 * @param scope what the caller needs
 * @param isStream whether the answer is open-ended, so that it is refused to pages of other origins
 *     even though it changes nothing
 * @param handler answers; must not block
 */
record Route(
    HttpMethod method,
    PathTemplate path,
    Scope scope,
    boolean isStream,
    Function<Call, Mono<Answer>> handler) {

  /** A route that reads. */
  static Route get(String path, Scope scope, Function<Call, Mono<Answer>> handler) {
    return new Route(HttpMethod.GET, PathTemplate.of(path), scope, false, handler);
  }

  /** A route that reads, with an answer that continues until the client leaves. */
  static Route stream(String path, Scope scope, Function<Call, Mono<Answer>> handler) {
    return new Route(HttpMethod.GET, PathTemplate.of(path), scope, true, handler);
  }

  /** A route that changes something. */
  static Route post(String path, Scope scope, Function<Call, Mono<Answer>> handler) {
    return new Route(HttpMethod.POST, PathTemplate.of(path), scope, false, handler);
  }

  /** Whether a page of another origin must not cause it. */
  boolean isSameOriginOnly() {
    return isStream || !method.equals(HttpMethod.GET);
  }
}
