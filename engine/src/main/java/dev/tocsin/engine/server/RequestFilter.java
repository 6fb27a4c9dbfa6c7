package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What a request must pass between its route and the handler. A web page in an operator's browser
 * can reach whatever the operator can, so the daemon answers only under names that it knows, and
 * changes nothing for a page of another origin. Credentials will be checked here too.
 */
final class RequestFilter {

  private static final AsciiString SEC_FETCH_SITE = AsciiString.cached("sec-fetch-site");
  private static final int MAX_SHOWN = 200;

  private final HostNames hosts;

  RequestFilter(HostNames hosts) {
    this.hosts = hosts;
  }

  /**
   * Checks that the server finds the end of the body as the client does.
   *
   * @throws RefusedException 501 for a transfer coding other than {@code chunked} (RFC 9112 section
   *     6.1)
   */
  static void checkFraming(HttpServerRequest request) {
    List<String> codings = request.requestHeaders().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty() && !isChunked(codings)) {
      throw refused(
          501,
          "Transfer-Encoding must be chunked, not " + quoted(String.join(", ", codings)) + ".");
    }
  }

  private static boolean isChunked(List<String> codings) {
    return codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked");
  }

  /**
   * Checks that the request is addressed to this server.
   *
   * @throws RefusedException 400 without exactly one valid {@code Host} (RFC 9112 section 3.2), 421
   *     under a foreign name
   */
  void checkHost(HttpServerRequest request, Target target) {
    String authority = authority(request, target);
    if (authority == null) {
      return;
    }
    String host = HostNames.hostOf(authority);
    if (host == null) {
      throw refused(400, "Host " + quoted(authority) + " is not a host with an optional port.");
    }
    if (!hosts.contains(host)) {
      throw refused(
          421,
          "Host "
              + quoted(authority)
              + " is not a name of this server. Use localhost or an IP address, or add the name to"
              + " the setting hosts.");
    }
  }

  /**
   * Admits a request to a route.
   *
   * @return who asks
   * @throws RefusedException 403 if a page of another origin would change something or open a
   *     stream
   */
  Principal admit(HttpServerRequest request, Target target, Route route) {
    if (route.isSameOriginOnly()) {
      checkOrigin(request, target);
    }
    return Principal.ANONYMOUS;
  }

  private void checkOrigin(HttpServerRequest request, Target target) {
    HttpHeaders headers = request.requestHeaders();
    Iterator<String> origins = headers.valueStringIterator(HttpHeaderNames.ORIGIN);
    while (origins.hasNext()) {
      String origin = origins.next();
      String authority = authority(request, target);
      if (authority == null || !hosts.isOwnOrigin(origin, authority)) {
        throw refused(
            403,
            "Origin "
                + quoted(origin)
                + " is not this server: pages of other origins may not send requests that change"
                + " something or open a stream. If a proxy serves this daemon under that name, add"
                + " the name to the setting hosts.");
      }
    }
    String site = headers.get(SEC_FETCH_SITE);
    if (site != null && (site.equals("cross-site") || site.equals("same-site"))) {
      throw refused(
          403,
          "Sec-Fetch-Site "
              + quoted(site)
              + ": pages of other origins may not send requests that change something or open a"
              + " stream. Serve the page under the name of this daemon, by a proxy whose name is in"
              + " the setting hosts.");
    }
  }

  /** Host and port that the request is addressed to; null for HTTP/1.0 without any. */
  private static @Nullable String authority(HttpServerRequest request, Target target) {
    Iterator<String> values = request.requestHeaders().valueStringIterator(HttpHeaderNames.HOST);
    if (!values.hasNext()) {
      if (request.version().compareTo(HttpVersion.HTTP_1_1) < 0) {
        return target.authority();
      }
      throw refused(400, "An HTTP/1.1 request has one Host header; this one has none.");
    }
    String host = values.next().strip();
    if (values.hasNext()) {
      throw refused(400, "An HTTP/1.1 request has one Host header; this one has several.");
    }
    return target.authority() == null ? host : target.authority();
  }

  private static RefusedException refused(int status, String text) {
    return new RefusedException(Answer.detail(status, text).closing());
  }

  private static String quoted(String value) {
    return "'" + (value.length() > MAX_SHOWN ? value.substring(0, MAX_SHOWN) + "…" : value) + "'";
  }
}
