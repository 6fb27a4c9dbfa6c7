package dev.tocsin.engine.store;

/**
 * An invocation in the outbox: an action to execute for a firing.
 *
 * @param position assigned by the store when it is written; 0 before
 * @param firing id of the firing
 * @param definition fingerprint of the {@link StoredDefinition} that contains the action
 * @param index of the action among those of the firing's state
 * @param destination what it is queued for
 */
public record StoredInvocation(
    long position, String id, String firing, String definition, int index, String destination) {}
