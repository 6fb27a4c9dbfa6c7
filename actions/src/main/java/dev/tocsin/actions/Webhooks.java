package dev.tocsin.actions;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the webhooks of the settings. It is asked at each attempt of an action, so that a reload
 * can change their addresses and secrets. Safe for use by several threads.
 */
@FunctionalInterface
public interface Webhooks {

  /** The webhook with this name, or null. */
  @Nullable Webhook find(String name);

  /** These webhooks, by name. */
  static Webhooks of(Map<String, Webhook> webhooks) {
    return Map.copyOf(webhooks)::get;
  }
}
