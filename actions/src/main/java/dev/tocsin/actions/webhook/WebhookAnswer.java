package dev.tocsin.actions.webhook;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came of a call. */
public sealed interface WebhookAnswer {

  /**
   * An answer came.
   *
   * @param status HTTP status
   * @param phrase its reason phrase, as the server or the standard names it
   * @param headers by lower-case name, secrets redacted
   * @param body its beginning as text
   */
  record Answered(int status, String phrase, Map<String, String> headers, String body)
      implements WebhookAnswer {

    /** Copies, in order. */
    public Answered {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Whether the status is one of 200 to 299. */
    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  /**
   * None came.
   *
   * @param reason why, for an operator; may name the host and port that were called
   */
  record Unanswered(String reason) implements WebhookAnswer {}
}
