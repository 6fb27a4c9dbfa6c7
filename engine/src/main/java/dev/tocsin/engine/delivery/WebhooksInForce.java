package dev.tocsin.engine.delivery;

import dev.tocsin.actions.Webhook;
import dev.tocsin.actions.Webhooks;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The webhooks of the settings as they were read last. Any thread may ask. */
public final class WebhooksInForce implements Webhooks {

  private volatile Map<String, Webhook> byName;

  /** With these to begin with, by name. */
  public WebhooksInForce(Map<String, Webhook> byName) {
    this.byName = Map.copyOf(byName);
  }

  @Override
  public @Nullable Webhook find(String name) {
    return byName.get(name);
  }

  /** From now on these are in force. */
  public void replace(Map<String, Webhook> next) {
    byName = Map.copyOf(next);
  }
}
