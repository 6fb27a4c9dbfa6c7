package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.index.TriggerIndex;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same code for a trigger as it was declared: found by the index, matched, with a bucketing
 * key, and with the labels and the derived id that a firing has.
 */
final class AnyTriggerSide implements KeyedSide {

  private final EventTrigger trigger;
  private final TriggerIndex index;
  private final KeyedWindows<BucketingKey> windows;
  private final Firings firings;

  AnyTriggerSide(
      EventTrigger trigger,
      Function<KeyedWindows.Firings<BucketingKey>, KeyedWindows<BucketingKey>> windows,
      Firings firings) {
    this.trigger = trigger;
    this.index = TriggerIndex.of(List.of(trigger));
    this.firings = firings;
    this.windows = windows.apply(this::fire);
  }

  @Override
  public void offer(Event event) {
    windows.advanceTo(event.received());
    for (int candidate : index.candidates(event)) {
      if (candidate == 0
          && (trigger.expects(event.name()) || trigger.opensOn(event.name()))
          && trigger.match().matches(event.resource().labels())) {
        windows.take(trigger.keyOf(event), event);
      }
    }
  }

  @Override
  public void advanceTo(Instant now) {
    windows.advanceTo(now);
  }

  private void fire(Instant triggered, BucketingKey key, @Nullable String event) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < trigger.forEach().size(); i++) {
      LabelReference reference = trigger.forEach().get(i);
      labels.put(reference.text(), key.values().get(i));
    }
    String value = key.values().getFirst();
    String id = DerivedId.of("firing", "measured", triggered.toString(), value);
    if (id.isEmpty() || labels.isEmpty()) {
      throw new IllegalStateException("a firing has an id and labels");
    }
    firings.add(triggered, value, event);
  }
}
