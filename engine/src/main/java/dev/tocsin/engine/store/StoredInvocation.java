package dev.tocsin.engine.store;

import org.jspecify.annotations.Nullable;

/**
 * An invocation in the outbox: an action to execute for a firing.
 *
 * @param position assigned by the store when it is written; 0 before
 * @param firing id of the firing
 * @param definition fingerprint of the {@link StoredDefinition} that contains the action, or null
 * @param list name of the definition's list of actions, such as {@code actions}, or null
 * @param index of the action in that list
 * @param destination what it is queued for
 * @param body the invocation as JSON
 */
public record StoredInvocation(
    long position,
    String id,
    String firing,
    @Nullable String definition,
    @Nullable String list,
    int index,
    String destination,
    String body) {}
