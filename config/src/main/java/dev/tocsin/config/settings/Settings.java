package dev.tocsin.config.settings;

import dev.tocsin.actions.ActionSettings;
import dev.tocsin.actions.Webhooks;

/**
 * The effective settings of a daemon, by the part of it that they are for.
 *
 * <p>A component of these records is the {@link Setting} of its name: {@code bodyTimeout} is {@code
 * body_timeout}. {@link SettingRecords} fills them by these names, so no two values can be swapped;
 * description, bounds and default are those of {@link Setting}.
 */
public record Settings(
    EngineSettings engine,
    HttpSettings http,
    IntakeSettings intake,
    StoreSettings store,
    EvaluationSettings evaluation,
    DeliverySettings delivery) {

  /**
   * The settings that the execution of actions uses.
   *
   * @param userAgent the {@code User-Agent} of a webhook call
   */
  public ActionSettings actions(String userAgent) {
    return actions(userAgent, Webhooks.of(delivery.webhooks()));
  }

  /** The same with other webhooks than those of these settings. */
  public ActionSettings actions(String userAgent, Webhooks webhooks) {
    return new ActionSettings(
        engine.namespace(),
        webhooks,
        delivery.webhookTimeout(),
        delivery.maxResponseBytes(),
        delivery.strictTemplates(),
        delivery.uiUrl(),
        userAgent);
  }
}
