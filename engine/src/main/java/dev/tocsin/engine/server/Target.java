package dev.tocsin.engine.server;

import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112 section 3.2), in origin form or absolute form.
 *
 * @param authority host and port of the absolute form, null in the origin form
 * @param path still percent-encoded, without a slash at its end
 * @param query still percent-encoded, without the question mark; empty if there is none
 */
record Target(@Nullable String authority, String path, String query) {

  static Target of(String uri) {
    int start = 0;
    String authority = null;
    if (!uri.startsWith("/")) {
      int scheme = lengthOfScheme(uri);
      if (scheme > 0) {
        start = endOfAuthority(uri, scheme);
        authority = uri.substring(scheme, start);
      }
    }
    int mark = uri.indexOf('?', start);
    int end = mark < 0 ? uri.length() : mark;
    String query = mark < 0 ? "" : uri.substring(mark + 1);
    if (end == start) {
      return new Target(authority, "/", query);
    }
    boolean endsInSlash = end - start > 1 && uri.charAt(end - 1) == '/';
    return new Target(authority, uri.substring(start, endsInSlash ? end - 1 : end), query);
  }

  private static int lengthOfScheme(String uri) {
    for (String scheme : new String[] {"http://", "https://"}) {
      if (uri.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return 0;
  }

  private static int endOfAuthority(String uri, int from) {
    int end = from;
    while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
      end++;
    }
    return end;
  }
}
