package dev.tocsin.config;

import dev.tocsin.actions.Webhook;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Value;
import dev.tocsin.wire.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The webhooks that an automation may name. */
sealed interface KnownWebhooks {

  /** The webhook of a name, which is reported if it is not known. */
  String named(String name, Value naming);

  /** The name of the webhook that replaces a Prefect block; an unknown block is reported. */
  String ofBlock(String id, Value naming);

  /** Those of the settings. */
  record Configured(Map<String, Webhook> webhooks, String settingsFile) implements KnownWebhooks {

    @Override
    public String named(String name, Value naming) {
      if (!webhooks.containsKey(name)) {
        naming.error(
            "unknown webhook "
                + Quoted.of(name)
                + "; it is not in webhooks of "
                + settingsFile
                + Suggestion.of(name, webhooks.keySet()));
      }
      return name;
    }

    @Override
    public String ofBlock(String id, Value naming) {
      List<String> known = new ArrayList<>();
      for (Webhook webhook : webhooks.values()) {
        if (id.equals(webhook.blockDocumentId())) {
          return webhook.name();
        }
        if (webhook.blockDocumentId() != null) {
          known.add(webhook.blockDocumentId());
        }
      }
      naming.error(
          "unknown block "
              + Quoted.of(id)
              + "; it is not the block_document_id of a webhook in "
              + settingsFile
              + Suggestion.of(id, known));
      return "";
    }
  }

  /** Those of the settings, and any other: nothing is sent, so that none must be known. */
  record Unsent(Map<String, Webhook> webhooks) implements KnownWebhooks {

    @Override
    public String named(String name, Value naming) {
      return name;
    }

    @Override
    public String ofBlock(String id, Value naming) {
      return webhooks.values().stream()
          .filter(webhook -> id.equals(webhook.blockDocumentId()))
          .map(Webhook::name)
          .findFirst()
          .orElse(id);
    }
  }
}
