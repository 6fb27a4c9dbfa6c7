package dev.tocsin.config.settings;

import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Value;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules for a webhook call (RFC 9110 sections 5 and 9, RFC 3986). */
public final class HttpSyntax {

  /** Where a webhook has none. */
  static final String DEFAULT_METHOD = "POST";

  private static final Set<String> METHODS =
      new LinkedHashSet<>(List.of("POST", "PUT", "PATCH", "GET", "DELETE", "HEAD", "OPTIONS"));
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "authorization|proxy-authorization|cookie|.*api-?key|.*token|.*secret|.*password");
  private static final Set<String> SET_BY_ENGINE =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "upgrade",
          "te",
          "trailer",
          "expect");

  private HttpSyntax() {}

  /** The method in upper case, {@value #DEFAULT_METHOD} if it is missing or refused. */
  public static String method(@Nullable Value value) {
    String written = value == null ? null : value.text();
    if (value == null || written == null) {
      return DEFAULT_METHOD;
    }
    String method = written.toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      value.mustBe("one of " + String.join(", ", METHODS));
      return DEFAULT_METHOD;
    }
    return method;
  }

  /**
   * The headers of an object, each read by its reader, which reports and returns null if it cannot.
   */
  public static <T> Map<String, T> headers(
      @Nullable Fields fields, BiFunction<String, Value, @Nullable T> reader) {
    Map<String, T> headers = new LinkedHashMap<>();
    if (fields == null) {
      return headers;
    }
    Set<String> seen = new HashSet<>();
    fields
        .all()
        .forEach(
            (name, header) -> {
              checkHeaderName(name, header, seen);
              T read = reader.apply(name, header);
              if (read != null) {
                headers.put(name, read);
              }
            });
    return headers;
  }

  /** Reports a header that cannot be sent, or is already in {@code seen}; adds it there. */
  private static void checkHeaderName(String name, Value value, Set<String> seen) {
    String folded = name.toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches()) {
      value.error("invalid header name; use only letters, digits and !#$%&'*+-.^_`|~");
    } else if (SET_BY_ENGINE.contains(folded)) {
      value.error("is set by the engine and cannot be overridden");
    } else if (!seen.add(folded)) {
      value.error("duplicate header; names are not case-sensitive");
    }
  }

  /** The problem with the value of a header, or null; never the value itself. */
  static @Nullable public String headerValueFault(String text) {
    boolean isClean = text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    return isClean ? null : "must not contain line breaks or control characters";
  }

  /** Whether a header of this name usually carries a secret. */
  public static boolean isSecretName(String name) {
    return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /** The problem with an address, or null; never the address itself. */
  static @Nullable String urlFault(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      if (scheme == null || !isHttp(scheme) || uri.getHost() == null) {
        return "must be an absolute http or https URL";
      }
      int port = uri.getPort();
      return port == 0 || port > 65_535 ? "must have a port from 1 to 65535" : null;
    } catch (URISyntaxException e) {
      return "invalid URL: " + e.getReason() + " at character " + (e.getIndex() + 1);
    }
  }

  /** The problem with an address that is called unchanged, or null; never the address itself. */
  static @Nullable public String callFault(String url) {
    String fault = urlFault(url);
    if (fault != null) {
      return fault;
    }
    try {
      WebhookRequest.url(url);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static boolean isHttp(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }
}
