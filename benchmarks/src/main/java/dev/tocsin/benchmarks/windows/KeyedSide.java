package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One trigger at work on keyed events, in event time: the clock is at the receipt of each. */
interface KeyedSide {

  /** Takes an event in, after whatever is due at its receipt. */
  void offer(Event event);

  /** Lets the clock go on. */
  void advanceTo(Instant now);

  /** Is told of every firing, in order. */
  interface Firings {

    /**
     * One firing.
     *
     * @param triggered the event's time; for an absence its deadline
     * @param key the value of the one {@code for_each} label
     * @param event id of the triggering event; for an absence the last of its key
     */
    void add(Instant triggered, String key, @Nullable String event);
  }
}
