package dev.tocsin.engine.delivery;

import dev.tocsin.actions.Action;

/**
 * What an invocation stands in line for. Invocations of one destination are carried out one at a
 * time and in order; those of different ones do not wait for each other.
 */
public final class Destination {

  /** The line of actions that call nobody. */
  static final String ENGINE = "engine";

  private Destination() {}

  /** The line of an action. */
  public static String of(Action action) {
    return switch (action) {
      case Action.CallWebhook call ->
          switch (call.target()) {
            case Action.WebhookTarget.Named named -> named(named.name());
            case Action.WebhookTarget.Inline inline -> origin(inline.url().source().strip());
          };
      case Action.SendNotification notification -> named(notification.webhook());
      case Action.EmitEvent _ -> ENGINE;
      case Action.PauseAutomation _ -> ENGINE;
      case Action.ResumeAutomation _ -> ENGINE;
      case Action.DoNothing _ -> ENGINE;
      case Action.Unreadable _ -> ENGINE;
    };
  }

  private static String named(String webhook) {
    return "webhook:" + webhook;
  }

  /**
   * Scheme, host and port as written. Where they are a template, all that it may render to stands
   * in one line.
   */
  private static String origin(String url) {
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

  /** The last character of the template expression that starts here, or of the text. */
  private static int endOfExpression(String url, int start) {
    int close = url.indexOf('}', start);
    if (close < 0) {
      return url.length();
    }
    return close + 1 < url.length() && url.charAt(close + 1) == '}' ? close + 1 : close;
  }
}
