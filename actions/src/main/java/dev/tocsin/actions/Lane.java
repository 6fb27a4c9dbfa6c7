package dev.tocsin.actions;

/** The texts of {@link Action#lane()}. */
final class Lane {

  /** The lane of actions that call no webhook. */
  static final String ENGINE = "engine";

  private Lane() {}

  /** The lane of a webhook of the settings. */
  static String ofWebhook(String name) {
    return "webhook:" + name;
  }

  /**
   * The lane of a URL: scheme, host and port as written. If they contain a template, every URL that
   * it may render to has this one lane.
   */
  static String ofUrl(String url) {
    int authority = url.indexOf("://");
    if (authority < 0) {
      return url;
    }
    for (int at = authority + 3; at < url.length(); at++) {
      char c = url.charAt(at);
      if (c == '{') {
        at = endOfExpression(url, at);
      } else if (c == '/' || c == '?' || c == '#') {
        return url.substring(0, at);
      }
    }
    return url;
  }

  /**
   * The last character of the template expression that starts here; the length of the text if it
   * has no end.
   */
  private static int endOfExpression(String url, int start) {
    int close = url.indexOf('}', start);
    if (close < 0) {
      return url.length();
    }
    return close + 1 < url.length() && url.charAt(close + 1) == '}' ? close + 1 : close;
  }
}
