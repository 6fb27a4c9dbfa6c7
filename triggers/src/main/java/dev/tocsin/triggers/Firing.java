package dev.tocsin.triggers;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trigger's change of state: it fired, or an absence that had fired ended.
 *
 * @param id derived from trigger, key and what made it fire: the same in every host and replay
 * @param automation id of the automation whose trigger it is
 * @param state triggered or resolved
 * @param triggered the event's {@code occurred}; for an absence its deadline
 * @param labels the triggering labels: the references of {@code for_each} and their values
 * @param event id of the triggering event; for an absence the last covered one of its key, if any
 * @param children the firings that completed a composite, in order
 * @param reason why
 * @param causation depth and origin of the chain; events that come from this firing carry it
 */
public record Firing(
    String id,
    String automation,
    State state,
    Instant triggered,
    Map<String, String> labels,
    @Nullable String event,
    List<Child> children,
    Reason reason,
    Causation causation) {

  /** Copies, in order. */
  public Firing {
    labels = copy(labels);
    children = List.copyOf(children);
  }

  /**
   * A firing of a composite's child, by which it fired.
   *
   * @param event id of its triggering event, if any
   */
  public record Child(String id, Instant triggered, @Nullable String event) {}

  private static Map<String, String> copy(Map<String, String> labels) {
    if (labels.size() == 1) {
      Map.Entry<String, String> only = labels.entrySet().iterator().next();
      return Collections.singletonMap(only.getKey(), only.getValue());
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
