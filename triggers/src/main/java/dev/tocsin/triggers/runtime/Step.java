package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Firing;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one entry did.
 *
 * @param firings of root triggers, in the order of evaluation
 * @param observations what the entry did to each trigger that matches it, and why
 * @param loops firings that did not happen because their causal chain is too deep
 * @param evicted keys whose state was dropped because their trigger, or all triggers together, hold
 *     too much; of a large number the first of each automation, and some more
 * @param evictedKeys the number of all of them
 */
public record Step(
    List<Firing> firings,
    List<Observation> observations,
    List<LoopStop> loops,
    List<Eviction> evicted,
    int evictedKeys) {

  /** Copies. */
  public Step {
    firings = List.copyOf(firings);
    observations = List.copyOf(observations);
    loops = List.copyOf(loops);
    evicted = List.copyOf(evicted);
  }

  /** Nothing happened. */
  public static final Step NOTHING = new Step(List.of(), List.of(), List.of(), List.of(), 0);

  /**
   * What an event did to one key of one trigger.
   *
   * @param automation id of the trigger's automation
   * @param detail what {@link Outcome} and progress do not say; may be empty
   */
  public record Observation(
      String automation,
      BucketingKey key,
      Outcome outcome,
      String detail,
      FiringProgress progress) {

    /** One without progress. */
    public Observation(String automation, BucketingKey key, Outcome outcome, String detail) {
      this(automation, key, outcome, detail, FiringProgress.NONE);
    }
  }

  /**
   * A firing that did not happen.
   *
   * @param automation id of the trigger's automation
   * @param event id of the event that would have triggered it
   * @param origin id at which the causal chain began
   */
  public record LoopStop(String automation, String event, String origin) {}

  /**
   * A key whose state was dropped.
   *
   * @param automation id of the trigger's automation
   * @param labels the references of {@code for_each} and the values of the key, in order
   */
  public record Eviction(String automation, BucketingKey key, Map<String, String> labels) {

    /** Copies; the labels keep their order. */
    public Eviction {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }
  }
}
