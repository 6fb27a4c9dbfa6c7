package dev.tocsin.engine.store;

/**
 * The definition of an automation, stored by content: one for all entries and invocations that
 * refer to it.
 *
 * @param fingerprint of the body
 * @param body the definition as JSON; secrets are references, never values
 */
public record StoredDefinition(String fingerprint, String body) {}
