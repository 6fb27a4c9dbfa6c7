package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Resource;
import java.time.Instant;

/** Code for one trigger alone: it looks at one label, and its key is a text. */
final class AloneSide implements KeyedSide {

  private final String label;
  private final String value;
  private final KeyedWindows<String> windows;

  AloneSide(String label, String value, KeyedWindows<String> windows) {
    this.label = label;
    this.value = value;
    this.windows = windows;
  }

  @Override
  public void offer(Event event) {
    windows.advanceTo(event.received());
    Labels labels = event.resource().labels();
    String key = labels.get(Resource.ID);
    if (key != null && value.equals(labels.get(label))) {
      windows.take(key, event);
    }
  }

  @Override
  public void advanceTo(Instant now) {
    windows.advanceTo(now);
  }
}
