package dev.tocsin.engine.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which accepted events to list. Conditions are ANDed; null asks nothing.
 *
 * @param event a pattern of the name, as in {@link dev.tocsin.triggers.Pattern}
 * @param resource a pattern of the primary resource's id
 * @param since earliest {@code occurred}, inclusive
 * @param until latest {@code occurred}, inclusive
 * @param limit maximum number of events, 1 to {@value #MAX_LIMIT}
 * @param cursor the end of the page before
 */
public record EventQuery(
    @Nullable String event,
    @Nullable String resource,
    @Nullable Instant since,
    @Nullable Instant until,
    int limit,
    @Nullable String cursor) {

  /** Most events of one page. */
  public static final int MAX_LIMIT = 1_000;

  /** Events of a page by default. */
  public static final int DEFAULT_LIMIT = 100;

  /** Refuses a limit outside its bounds. */
  public EventQuery {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", not " + limit);
    }
  }
}
