package dev.tocsin.actions.webhook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The headers of an answer as they may be shown: few, short, and without secrets. */
public final class ResponseHeaders {

  /** The replacement of a secret. */
  public static final String REDACTED = "********";

  private static final int MAX_HEADERS = 50;
  private static final int MAX_LENGTH = 500;

  /** A header is secret if its name contains one of these. */
  private static final List<String> SECRET =
      List.of(
          "cookie",
          "auth",
          "token",
          "secret",
          "key",
          "password",
          "credential",
          "session",
          "signature");

  private ResponseHeaders() {}

  /**
   * At most 50 of the headers, in order, by lower-case name; values of one name are joined by
   * commas. Names and values are cut after 500 characters. Stars replace secret ones, and the
   * request's secrets.
   */
  public static Map<String, String> redacted(
      Iterable<Map.Entry<String, String>> headers, Redaction redaction) {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = cut(redaction.text(header.getKey().toLowerCase(Locale.ROOT)));
      if (shown.size() == MAX_HEADERS && !shown.containsKey(name)) {
        continue;
      }
      String value = isSecret(name) ? REDACTED : cut(redaction.text(header.getValue()));
      shown.merge(
          name, value, (before, more) -> isSecret(name) ? REDACTED : cut(before + ", " + more));
    }
    return shown;
  }

  /** Whether a header of this name, in any case, is secret. */
  public static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET.stream().anyMatch(lower::contains);
  }

  private static String cut(String text) {
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
  }
}
