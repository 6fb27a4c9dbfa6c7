package dev.tocsin.engine.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A firing as stored.
 *
 * @param sequence of the entry whose evaluation caused it
 * @param event id of the triggering event, or null
 * @param body the firing as JSON
 */
public record StoredFiring(
    String id,
    long sequence,
    String automation,
    String state,
    Instant triggered,
    @Nullable String event,
    String body) {}
