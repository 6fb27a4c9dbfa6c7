package dev.tocsin.engine.store;

/**
 * The result of a step of retention.
 *
 * @param entries number of journal entries dropped
 * @param hasMore whether the next step can follow at once
 * @param awaitsCheckpoint whether something is due that can be dropped only after a new checkpoint
 */
public record RetentionStep(long entries, boolean hasMore, boolean awaitsCheckpoint) {}
