package dev.tocsin.triggers;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches single events: fires when enough of them are seen, or too few.
 *
 * @param posture presence or absence
 * @param match what the primary resource must look like
 * @param matchRelated each to be satisfied by at least one related resource, on its own
 * @param where a further condition on the event, if any
 * @param after names that open a window; none: every window is open
 * @param expect names that count; none: every name does
 * @param forEach references of the bucketing key
 * @param threshold how many expected events it takes, 1 to {@value #MAX_THRESHOLD}
 * @param within length of a window; zero is each event for itself, or with {@code after} no end
 * @param maxKeys the maximum number of keys with state; beyond it the least recently updated key is
 *     evicted
 * @param matchAll confirms a trigger that matches every event
 */
public record EventTrigger(
    Posture posture,
    ResourceSpecification match,
    List<ResourceSpecification> matchRelated,
    @Nullable Condition where,
    List<Pattern> after,
    List<Pattern> expect,
    List<LabelReference> forEach,
    int threshold,
    Duration within,
    int maxKeys,
    boolean matchAll)
    implements Trigger {

  /** Maximum threshold. */
  public static final int MAX_THRESHOLD = 100_000;

  /** Maximum number of keys with state, by default. */
  public static final int DEFAULT_MAX_KEYS = 1_000_000;

  /** Length of a Proactive window where none is given. */
  public static final Duration DEFAULT_PROACTIVE_WITHIN = Duration.ofSeconds(10);

  /** Shortest window of a Proactive trigger. */
  public static final Duration MIN_PROACTIVE_WITHIN = Duration.ofSeconds(1);

  /**
   * Copies; patterns and references become distinct and ordered, {@code within} is cut to the
   * microsecond. Refuses every broken rule at once.
   */
  public EventTrigger {
    matchRelated = List.copyOf(matchRelated);
    after = distinctPatterns(after);
    expect = distinctPatterns(expect);
    forEach = distinctReferences(forEach);
    List<Violation> violations = new ArrayList<>();
    if (threshold < 1 || threshold > MAX_THRESHOLD) {
      violations.add(
          new Violation("threshold", "must be 1 to " + MAX_THRESHOLD + ", not " + threshold));
    }
    if (maxKeys < 1) {
      violations.add(new Violation("max_keys", "must be 1 or more, not " + maxKeys));
    }
    checkDuration("within", within, violations);
    within = within.truncatedTo(ChronoUnit.MICROS);
    if (!matchAll && asksForNothing(match, matchRelated, where, expect)) {
      violations.add(
          new Violation(
              "match",
              "is empty, as are match_related, expect and where: the trigger would match every"
                  + " event, including the engine's own; set match_all: true if intended"));
    }
    switch (posture) {
      case Posture.Reactive _ -> checkReactive(after, expect, threshold, within, violations);
      case Posture.Proactive proactive ->
          checkProactive(proactive, after, forEach, within, maxKeys, violations);
    }
    if (!violations.isEmpty()) {
      throw new InvalidTriggerException(violations);
    }
  }

  /** Starts a Reactive trigger with every other field at its default. */
  public static EventTriggerBuilder reactive() {
    return new EventTriggerBuilder(new Posture.Reactive());
  }

  /** Starts a trigger of a posture with every other field at its default. */
  public static EventTriggerBuilder of(Posture posture) {
    return new EventTriggerBuilder(posture);
  }

  /** Whether a name is expected. */
  public boolean expects(String name) {
    return expect.isEmpty() || Patterns.anyFits(expect, name);
  }

  /** Whether a name is in {@code after}. */
  public boolean opensOn(String name) {
    return Patterns.anyFits(after, name);
  }

  /** The bucketing key of an event. */
  public BucketingKey keyOf(Event event) {
    if (forEach.isEmpty()) {
      return BucketingKey.NONE;
    }
    if (forEach.size() == 1) {
      return new BucketingKey(List.of(forEach.getFirst().valueIn(event)));
    }
    List<String> values = new ArrayList<>(forEach.size());
    for (LabelReference reference : forEach) {
      values.add(reference.valueIn(event));
    }
    return new BucketingKey(values);
  }

  private static boolean asksForNothing(
      ResourceSpecification match,
      List<ResourceSpecification> matchRelated,
      @Nullable Condition where,
      List<Pattern> expect) {
    return match.isEmpty()
        && matchRelated.stream().allMatch(ResourceSpecification::isEmpty)
        && where == null
        && expect.isEmpty();
  }

  private static void checkReactive(
      List<Pattern> after,
      List<Pattern> expect,
      int threshold,
      Duration within,
      List<Violation> violations) {
    if (!within.isZero()) {
      return;
    }
    if (after.isEmpty() && threshold > 1) {
      violations.add(
          new Violation(
              "within",
              "must be more than 0 for a threshold of "
                  + threshold
                  + ": without a window each event counts alone"));
    }
    for (Pattern pattern : after) {
      if (expect.contains(pattern)) {
        violations.add(
            new Violation(
                "after",
                "contains '"
                    + pattern
                    + "', which is in expect too; then within must be more than 0"));
      }
    }
  }

  private static void checkProactive(
      Posture.Proactive posture,
      List<Pattern> after,
      List<LabelReference> forEach,
      Duration within,
      int maxKeys,
      List<Violation> violations) {
    if (within.compareTo(MIN_PROACTIVE_WITHIN) < 0) {
      violations.add(
          new Violation(
              "within",
              "must be at least 1s for a Proactive trigger, not " + PlainDuration.of(within)));
    }
    checkDuration("lateness", posture.lateness(), violations);
    checkDuration("forget_after", posture.forgetAfter(), violations);
    Duration repeat = posture.repeat();
    if (repeat != null) {
      checkDuration("repeat", repeat, violations);
      if (repeat.compareTo(MIN_PROACTIVE_WITHIN) < 0) {
        violations.add(
            new Violation(
                "repeat", "must be never or at least 1 s, not " + PlainDuration.of(repeat)));
      }
    }
    if (!posture.roster().isEmpty() && (forEach.isEmpty() || !after.isEmpty())) {
      violations.add(new Violation("roster", "requires for_each, and a trigger without after"));
    }
    if (posture.roster().size() > maxKeys) {
      violations.add(
          new Violation(
              "roster", "has " + posture.roster().size() + " keys, but max_keys is " + maxKeys));
    }
    for (BucketingKey key : posture.roster()) {
      if (key.values().size() != forEach.size()) {
        violations.add(
            new Violation(
                "roster",
                "key " + key.values() + " must have one value for each of " + texts(forEach)));
      }
    }
  }

  static void checkDuration(String field, Duration duration, List<Violation> violations) {
    if (duration.isNegative() || duration.compareTo(MAX_DURATION) > 0) {
      violations.add(
          new Violation(
              field,
              "must be 0 to %,d days, not %s"
                  .formatted(MAX_DURATION.toDays(), PlainDuration.of(duration))));
    }
  }

  public static List<LabelReference> distinctReferences(Collection<LabelReference> references) {
    TreeMap<String, LabelReference> ordered = new TreeMap<>(CodePoints.ORDER);
    references.forEach(reference -> ordered.put(reference.text(), reference));
    return List.copyOf(ordered.values());
  }

  static List<String> texts(Collection<LabelReference> references) {
    return references.stream().map(LabelReference::text).toList();
  }

  private static List<Pattern> distinctPatterns(Collection<Pattern> patterns) {
    return patterns.stream()
        .distinct()
        .sorted(Comparator.comparing(Pattern::text, CodePoints.ORDER))
        .toList();
  }
}
