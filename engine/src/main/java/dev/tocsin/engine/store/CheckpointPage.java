package dev.tocsin.engine.store;

import dev.tocsin.triggers.runtime.StatePage;

/**
 * A page of a checkpoint.
 *
 * @param place its number; no two pages in use have the same
 */
public record CheckpointPage(long place, StatePage page) {}
