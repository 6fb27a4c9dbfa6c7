package dev.tocsin.engine.store;

import java.time.Instant;

/**
 * Trigger state after an entry: its head, and a range of pages. Only the last pages of the range
 * are new: the others belong to earlier checkpoints as well.
 *
 * @param sequence the last entry whose effect it includes
 * @param clock the engine's clock then
 * @param head the part that is rewritten each time, as JSON
 * @param first place of the first page
 * @param last place of the last page; without pages, the one before {@code first}
 */
public record StoredCheckpoint(long sequence, Instant clock, String head, long first, long last) {}
