package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.keyed.EventId;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an event that a key took in: enough to name it in a later firing.
 *
 * @param eventId its id
 * @param depth steps from an event that came from outside
 * @param cause id of the event at which its causal chain began, null where that is itself
 */
record EventRef(EventId eventId, int depth, @Nullable String cause) {

  /** An event of whose causal chain is known where it began. */
  static EventRef of(String id, int depth, String origin) {
    return of(EventId.of(id), depth, origin);
  }

  /** An event with this causation, or one that came from outside. */
  static EventRef of(EventId id, @Nullable Causation causation) {
    return causation == null
        ? new EventRef(id, 0, null)
        : of(id, causation.depth(), causation.origin());
  }

  private static EventRef of(EventId id, int depth, String origin) {
    return new EventRef(id, depth, origin.equals(id.text()) ? null : origin);
  }

  String id() {
    return eventId.text();
  }

  /** Id of the event at which its causal chain began. */
  String origin() {
    return cause == null ? id() : cause;
  }

  /** The causation of a firing that an event set off, or that none did. */
  static Causation causing(@Nullable EventRef event, String firing) {
    return event == null
        ? new Causation(1, firing)
        : new Causation(event.depth() + 1, event.origin());
  }
}
