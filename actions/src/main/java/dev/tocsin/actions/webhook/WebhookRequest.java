package dev.tocsin.actions.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One call, ready to be sent. Prints neither its URL nor its headers: they may be secret.
 *
 * @param target how messages name whom is called; no secret
 * @param method an HTTP method, upper case
 * @param url absolute http or https URL with a host, without user info; no fragment is sent
 * @param headers by name, whose case does not matter; no line breaks
 * @param body what is sent; empty for none
 * @param redaction hides the secrets of the URL and the headers in what is answered
 */
public record WebhookRequest(
    String target,
    String method,
    URI url,
    Map<String, String> headers,
    String body,
    Redaction redaction) {

  private static final int MAX_URL_LENGTH = 8_192;

  /** Headers that belong to the connection, not to the caller. */
  private static final List<String> RESERVED =
      List.of("host", "content-length", "transfer-encoding", "connection", "expect", "upgrade");

  /**
   * Copies. Refuses, with a message that names the header or the rule but shows no value, a URL
   * that cannot be called, a header that is not one (RFC 9110 section 5) and one of the
   * connection's own.
   */
  public WebhookRequest {
    if (!isToken(method)) {
      throw new IllegalArgumentException("invalid HTTP method");
    }
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) -> {
          requireHeader(name, value);
          copy.put(name, value);
        });
    headers = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a URL. Refuses one that is not absolute http or https, has no host, carries user info
   * (which hides its destination), or is longer than 8,192 characters; the message shows no part of
   * it. Characters beyond ASCII are percent-encoded in UTF-8 (RFC 3987 section 3.1).
   */
  public static URI url(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException("the URL is empty");
    }
    if (trimmed.length() > MAX_URL_LENGTH) {
      throw new IllegalArgumentException("the URL must have at most 8,192 characters");
    }
    URI url = parse(trimmed);
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("the URL must start with http:// or https://");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the URL must not contain a user or password; use a header instead");
    }
    if (url.getHost() == null || url.getHost().isEmpty()) {
      throw new IllegalArgumentException("the URL has no valid host");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("the URL's port must be 1 to 65535");
    }
    return URI.create(url.toASCIIString());
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "invalid URL at character " + (e.getIndex() + 1) + " (RFC 3986)", e);
    }
  }

  private static void requireHeader(String name, String value) {
    if (!isToken(name)) {
      throw new IllegalArgumentException("invalid header name '" + printable(name) + "'");
    }
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("header " + name + " is reserved for the connection");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new IllegalArgumentException(
            "the value of header " + name + " contains a line break or another control character");
      }
      if (c > 0xff) {
        throw new IllegalArgumentException(
            "the value of header " + name + " contains a character beyond ISO 8859-1");
      }
    }
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c -> c < 0x7f && (isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0));
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String printable(String text) {
    return text.length() > 50 || !text.chars().allMatch(c -> c >= ' ' && c != 0x7f) ? "…" : text;
  }

  /** A header's value, or null. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The body in UTF-8. */
  public byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /** The host with the port that is called: {@code example.com:443}. */
  public static String authority(URI url) {
    int port = url.getPort();
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    return url.getHost() + ":" + (port > 0 ? port : secure ? 443 : 80);
  }

  @Override
  public String toString() {
    return method + " to " + target + " (" + body.length() + " characters)";
  }
}
