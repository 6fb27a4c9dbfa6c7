package dev.tocsin.actions;

import dev.tocsin.actions.webhook.Redaction;
import dev.tocsin.actions.webhook.ResponseHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook of the settings: what automations name instead of an address. Neither its URL nor its
 * headers are templates, so nothing of an event reaches them.
 *
 * @param name its name
 * @param url absolute http or https URL
 * @param method an HTTP method, upper case
 * @param headers header values by name
 * @param blockDocumentId the Prefect block that this webhook replaces, if any
 * @param secrets the values of the references in its URL and headers
 */
public record Webhook(
    String name,
    Secret url,
    String method,
    Map<String, Secret> headers,
    @Nullable String blockDocumentId,
    List<Secret> secrets) {

  /** Copies, in order. */
  public Webhook {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    secrets = List.copyOf(secrets);
  }

  /**
   * Hides in an answer the values of the references, the URL, its path and query, and the values of
   * headers with secret names, also without their scheme ({@code Bearer}).
   */
  Redaction redaction() {
    List<String> hidden = new ArrayList<>();
    secrets.forEach(secret -> hidden.add(secret.reveal()));
    String address = url.reveal().strip();
    hidden.add(address);
    hidden.add(address.replaceFirst("^[^:/]*://[^/?#]*", "").replaceFirst("#.*", ""));
    headers.forEach(
        (header, value) -> {
          if (ResponseHeaders.isSecret(header)) {
            hidden.add(value.reveal());
            hidden.add(value.reveal().strip().replaceFirst("^\\S+\\s+", ""));
          }
        });
    return Redaction.of(hidden);
  }
}
