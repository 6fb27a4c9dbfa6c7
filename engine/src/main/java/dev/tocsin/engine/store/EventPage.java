package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of accepted events, newest first: by {@code occurred}, then by place in the journal.
 *
 * @param next cursor of the page after, or null
 * @param total how many events fit the query
 */
public record EventPage(List<Event> events, @Nullable String next, long total) {}
