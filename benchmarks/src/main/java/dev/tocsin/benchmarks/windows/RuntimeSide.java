package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.runtime.Declaration;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import java.util.List;

/** {@link TriggerRuntime} with one trigger, called as a host calls it. */
final class RuntimeSide implements KeyedSide {

  private final TriggerRuntime runtime;
  private final Firings firings;

  RuntimeSide(EventTrigger trigger, RuntimeSettings settings, Instant start, Firings firings) {
    this.runtime =
        new TriggerRuntime(List.of(new Declaration("measured", trigger, true)), settings, start);
    this.firings = firings;
  }

  @Override
  public void offer(Event event) {
    advanceTo(event.received());
    tell(runtime.offer(event, event.received()));
  }

  @Override
  public void advanceTo(Instant now) {
    while (runtime.isDue(now)) {
      tell(runtime.advanceTo(now));
    }
  }

  private void tell(Step step) {
    List<Firing> fired = step.firings();
    for (int i = 0; i < fired.size(); i++) {
      Firing firing = fired.get(i);
      for (String key : firing.labels().values()) {
        firings.add(firing.triggered(), key, firing.event());
      }
    }
  }
}
