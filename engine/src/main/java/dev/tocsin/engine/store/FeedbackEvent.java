package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;

/**
 * An event of the engine's own that waits to become a journal entry.
 *
 * @param position assigned by the store when it is written; 0 before
 */
public record FeedbackEvent(long position, EncodedEvent encoded) {
  /** The event itself. */
  public Event event() {
    return encoded.event();
  }
}
