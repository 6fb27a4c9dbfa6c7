package dev.tocsin.triggers;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the fields of a trigger; {@link #build} checks them. */
public final class EventTriggerBuilder {

  private final Posture posture;
  private ResourceSpecification match = ResourceSpecification.ANY;
  private List<ResourceSpecification> matchRelated = List.of();
  private @Nullable Condition where;
  private List<Pattern> after = List.of();
  private List<Pattern> expect = List.of();
  private List<LabelReference> forEach = List.of();
  private int threshold = 1;
  private Duration within = Duration.ZERO;
  private int maxKeys = EventTrigger.DEFAULT_MAX_KEYS;
  private boolean matchAll;

  EventTriggerBuilder(Posture posture) {
    this.posture = posture;
    if (posture instanceof Posture.Proactive) {
      within = EventTrigger.DEFAULT_PROACTIVE_WITHIN;
    }
  }

  /** What the primary resource must look like. */
  public EventTriggerBuilder match(ResourceSpecification value) {
    match = value;
    return this;
  }

  /** Each to be satisfied by at least one related resource. */
  public EventTriggerBuilder matchRelated(List<ResourceSpecification> value) {
    matchRelated = value;
    return this;
  }

  /** A further condition on the event. */
  public EventTriggerBuilder where(@Nullable Condition value) {
    where = value;
    return this;
  }

  /** Names that open a window. */
  public EventTriggerBuilder after(List<Pattern> value) {
    after = value;
    return this;
  }

  /** Names that open a window. */
  public EventTriggerBuilder after(String... patterns) {
    return after(List.of(patterns).stream().map(Pattern::of).toList());
  }

  /** Names that count. */
  public EventTriggerBuilder expect(List<Pattern> value) {
    expect = value;
    return this;
  }

  /** Names that count. */
  public EventTriggerBuilder expect(String... patterns) {
    return expect(List.of(patterns).stream().map(Pattern::of).toList());
  }

  /** References of the bucketing key. */
  public EventTriggerBuilder forEach(List<LabelReference> value) {
    forEach = value;
    return this;
  }

  /** References of the bucketing key. */
  public EventTriggerBuilder forEach(String... references) {
    return forEach(List.of(references).stream().map(LabelReference::parse).toList());
  }

  /** How many expected events it takes. */
  public EventTriggerBuilder threshold(int value) {
    threshold = value;
    return this;
  }

  /** Length of a window. */
  public EventTriggerBuilder within(Duration value) {
    within = value;
    return this;
  }

  /** Maximum number of keys with state. */
  public EventTriggerBuilder maxKeys(int value) {
    maxKeys = value;
    return this;
  }

  /** Confirms a trigger that matches every event. */
  public EventTriggerBuilder matchAll(boolean value) {
    matchAll = value;
    return this;
  }

  /** The trigger. Refuses every broken rule at once with {@link InvalidTriggerException}. */
  public EventTrigger build() {
    return new EventTrigger(
        posture,
        match,
        matchRelated,
        where,
        after,
        expect,
        forEach,
        threshold,
        within,
        maxKeys,
        matchAll);
  }
}
