package dev.tocsin.engine.store;

import java.util.List;

/**
 * The result of checking a store.
 *
 * @param entries number of journal entries read
 * @param faults each in a sentence, a bounded number; none in a sound store
 */
public record StoreCheck(long entries, List<String> faults) {}
