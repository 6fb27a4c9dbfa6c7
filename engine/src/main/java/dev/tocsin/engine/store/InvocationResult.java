package dev.tocsin.engine.store;

import java.time.Instant;

/**
 * The result of an invocation, which takes it out of the outbox.
 *
 * @param invocation its id
 * @param outcome {@code executed} or {@code failed}
 * @param body the outcome as JSON
 */
public record InvocationResult(String invocation, String outcome, Instant finished, String body) {}
