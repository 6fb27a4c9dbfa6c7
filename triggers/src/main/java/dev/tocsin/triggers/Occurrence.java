package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/** An event that is evaluated, and what each trigger asks of it, taken from it once. */
final class Occurrence {

  private final Event event;
  private final EventId id;
  private final long occurred;
  private @Nullable Covered covered;

  Occurrence(Event event) {
    this.event = event;
    this.id = EventId.of(event.id());
    this.occurred = Micros.of(event.occurred());
  }

  Event event() {
    return event;
  }

  EventId id() {
    return id;
  }

  /** When it occurred, in microseconds. */
  long occurred() {
    return occurred;
  }

  /** What is remembered of it where a key takes it in. */
  Covered covered() {
    Covered known = covered;
    if (known == null) {
      known = Covered.of(id, event.causation());
      covered = known;
    }
    return known;
  }
}
