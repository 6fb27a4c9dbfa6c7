package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;

/** Events in the order of their time, without end. */
interface KeyedStream {

  /** The next one. */
  Event next();

  /** The next so many. */
  default Event[] next(int count) {
    Event[] events = new Event[count];
    for (int i = 0; i < count; i++) {
      events[i] = next();
    }
    return events;
  }
}
