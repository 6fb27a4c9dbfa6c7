package dev.tocsin.engine.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of accepted events, newest first: by {@code occurred}, then by place in the journal.
 *
 * @param events each as one JSON object in UTF-8, in Prefect's form; nothing is parsed
 * @param next cursor of the page after, or null
 * @param total how many events fit the query
 */
public record EventPage(List<byte[]> events, @Nullable String next, long total) {}
