package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one writes in an afternoon for the state of keys over time: a {@link java.util.HashMap} and
 * a {@link java.util.PriorityQueue}.
 *
 * @param <K> a bucketing key
 */
interface KeyedWindows<K> {

  /** Takes in an event that is covered. */
  void take(K key, Event event);

  /** Lets the clock go on. */
  void advanceTo(Instant now);

  /** Is told of every firing, in order. */
  interface Firings<K> {

    /** One firing, as in {@link KeyedSide.Firings}. */
    void add(Instant triggered, K key, @Nullable String event);
  }
}
