package dev.tocsin.triggers;

/** An event that is evaluated, and what each trigger asks of it, taken from it once. */
final class Occurrence {

  private final Event event;
  private final long occurred;
  private final Covered covered;

  Occurrence(Event event) {
    this.event = event;
    this.occurred = Micros.of(event.occurred());
    this.covered = Covered.of(event);
  }

  Event event() {
    return event;
  }

  /** When it occurred, in microseconds. */
  long occurred() {
    return occurred;
  }

  /** What is remembered of it where a key takes it in. */
  Covered covered() {
    return covered;
  }
}
