package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Fills a new store with recorded events, all of them or none: they become the store in {@link
 * #finish}. They are history: there is no checkpoint, so no start evaluates them. Their ids are
 * known from then on. For one thread.
 */
public interface StoreImport extends AutoCloseable {

  /** Receipt of the previous event, which none after it may precede; null before the first. */
  @Nullable Instant latest();

  /**
   * Adds an event.
   *
   * @return false for a duplicate id, which is skipped
   * @throws IllegalArgumentException if it was received before the previous event
   */
  boolean add(Event event);

  /** Makes what was added the store of its location. */
  void finish();

  /** Without {@link #finish} nothing is left behind. */
  @Override
  void close();
}
