package dev.tocsin.config.settings;

import dev.tocsin.actions.Webhook;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of actions and their webhooks; see {@link Setting}. */
public record DeliverySettings(
    Map<String, Webhook> webhooks,
    Duration webhookTimeout,
    int maxResponseBytes,
    int maxDestinations,
    int destinationWindow,
    boolean strictTemplates,
    @Nullable URI uiUrl) {

  /** Copies the webhooks; they keep their order. */
  public DeliverySettings {
    webhooks = Collections.unmodifiableMap(new LinkedHashMap<>(webhooks));
  }
}
