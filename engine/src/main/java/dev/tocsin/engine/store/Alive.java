package dev.tocsin.engine.store;

import java.time.Instant;

/**
 * Up to when the engine observed events.
 *
 * @param instant of the engine's clock
 * @param host the host's clock then
 * @param sequence of the last entry at that time, or 0; a store without that entry is not the one
 *     that the engine had
 * @param stopped whether the engine stopped then, as asked, with everything evaluated and durable
 */
public record Alive(Instant instant, Instant host, long sequence, boolean stopped) {}
