package dev.tocsin.actions;

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
 * @param blockDocumentId the Prefect block that this webhook stands for, if any
 */
public record Webhook(
    String name,
    Secret url,
    String method,
    Map<String, Secret> headers,
    @Nullable String blockDocumentId) {}
