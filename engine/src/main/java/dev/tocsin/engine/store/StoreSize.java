package dev.tocsin.engine.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How much is stored.
 *
 * @param segments of the journal
 * @param bytes in use
 * @param oldest receipt of the oldest entry, or null if there is none
 */
public record StoreSize(long segments, long bytes, @Nullable Instant oldest) {}
