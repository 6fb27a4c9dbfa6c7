package dev.tocsin.actions;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of actions.
 *
 * @param namespace prefix of the names, ids and labels of the engine's own events
 * @param webhooks finds those that actions name
 * @param webhookTimeout maximum duration of one webhook call, from its start to the end of its
 *     answer
 * @param maxResponseBytes how much of a webhook's answer is read, in bytes
 * @param strictTemplates whether an undefined value fails an action
 * @param uiUrl address under which the pages are that {@code ui_url} links to, if any
 * @param userAgent the {@code User-Agent} of a webhook call
 */
public record ActionSettings(
    String namespace,
    Webhooks webhooks,
    Duration webhookTimeout,
    int maxResponseBytes,
    boolean strictTemplates,
    @Nullable URI uiUrl,
    String userAgent) {

  /** Refuses a timeout that is not positive and a negative bound. */
  public ActionSettings {
    if (webhookTimeout.isNegative() || webhookTimeout.isZero()) {
      throw new IllegalArgumentException("webhook timeout must be positive, not " + webhookTimeout);
    }
    if (maxResponseBytes < 0) {
      throw new IllegalArgumentException(
          "response bytes must be 0 or more, not " + maxResponseBytes);
    }
  }
}
