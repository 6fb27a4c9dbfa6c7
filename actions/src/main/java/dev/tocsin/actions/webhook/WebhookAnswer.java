package dev.tocsin.actions.webhook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came of a call, without the secrets of its request. */
public sealed interface WebhookAnswer {

  /**
   * An answer came.
   *
   * @param status HTTP status
   * @param phrase its reason phrase, as the server or the standard names it
   * @param headers by lower-case name, secrets redacted
   * @param body its beginning as text
   * @param whole whether the body ended within the bound on what is read
   */
  record Answered(
      int status, String phrase, Map<String, String> headers, String body, boolean whole)
      implements WebhookAnswer {

    /** Copies, in order. */
    public Answered {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Whether the status is one of 200 to 299 and the body ended. */
    public boolean isSuccess() {
      return status >= 200 && status < 300 && whole;
    }
  }

  /**
   * None came.
   *
   * @param reason why, for an operator; names the target of the request
   */
  record Unanswered(String reason) implements WebhookAnswer {}
}
