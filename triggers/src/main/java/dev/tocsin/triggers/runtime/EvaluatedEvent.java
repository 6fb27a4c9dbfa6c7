package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.EventId;
import org.jspecify.annotations.Nullable;

/** An event that is evaluated, and what each trigger asks of it, taken from it once. */
final class EvaluatedEvent {

  private final Event event;
  private final EventId id;
  private final long occurred;
  private @Nullable EventRef reference;

  EvaluatedEvent(Event event) {
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
  EventRef reference() {
    EventRef known = reference;
    if (known == null) {
      known = EventRef.of(id, event.causation());
      reference = known;
    }
    return known;
  }
}
