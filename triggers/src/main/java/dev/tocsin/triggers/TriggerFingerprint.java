package dev.tocsin.triggers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes all that decides when a trigger fires in one canonical way, and makes a fingerprint of it:
 * of each trigger of a tree once.
 */
public final class TriggerFingerprint {

  /** Part of every fingerprint, to be raised when the canonical way changes. */
  private static final String VERSION = "1";

  private final IdentityHashMap<Trigger, String> known = new IdentityHashMap<>();

  /** The fingerprint of a trigger. */
  public String of(Trigger trigger) {
    String before = known.get(trigger);
    if (before != null) {
      return before;
    }
    String fingerprint = write(trigger);
    known.put(trigger, fingerprint);
    return fingerprint;
  }

  private String write(Trigger trigger) {
    List<String> parts = new ArrayList<>();
    parts.add(VERSION);
    switch (trigger) {
      case EventTrigger event -> write(event, parts);
      case CompoundTrigger compound -> {
        parts.add("compound");
        parts.add(Integer.toString(compound.require()));
        composite(compound.triggers(), compound.within(), compound.forEach(), parts);
      }
      case SequenceTrigger sequence -> {
        parts.add("sequence");
        composite(sequence.triggers(), sequence.within(), sequence.forEach(), parts);
      }
    }
    return DerivedId.of("trigger", parts.toArray(String[]::new));
  }

  private static void write(EventTrigger trigger, List<String> parts) {
    parts.add("event");
    specification(trigger.match(), parts);
    texts(
        trigger.matchRelated().stream()
            .filter(related -> !related.isEmpty())
            .map(TriggerFingerprint::specification)
            .distinct()
            .sorted()
            .toList(),
        parts);
    Condition where = trigger.where();
    texts(where == null ? List.of() : List.of(where.text()), parts);
    texts(trigger.after(), parts);
    texts(trigger.expect(), parts);
    texts(trigger.forEach().stream().map(LabelReference::text).toList(), parts);
    parts.add(Integer.toString(trigger.threshold()));
    parts.add(micros(trigger.within()));
    parts.add(trigger.posture().label());
    switch (trigger.posture()) {
      case Posture.Reactive _ -> {}
      case Posture.Proactive proactive -> {
        parts.add(micros(proactive.lateness()));
        parts.add(proactive.onBlind().name());
        parts.add(micros(proactive.repeat()));
        parts.add(Integer.toString(proactive.roster().size()));
        proactive.roster().forEach(key -> texts(key.values(), parts));
        parts.add(micros(proactive.forgetAfter()));
      }
    }
  }

  private void composite(
      List<Trigger> children,
      @Nullable Duration within,
      List<LabelReference> forEach,
      List<String> parts) {
    parts.add(micros(within));
    texts(forEach.stream().map(LabelReference::text).toList(), parts);
    List<String> fingerprints = new ArrayList<>(children.size());
    for (Trigger child : children) {
      fingerprints.add(of(child));
    }
    texts(fingerprints, parts);
  }

  /** A fingerprint of one of several specifications whose order means nothing. */
  private static String specification(ResourceSpecification specification) {
    List<String> parts = new ArrayList<>();
    specification(specification, parts);
    return DerivedId.of("specification", parts.toArray(String[]::new));
  }

  private static void specification(ResourceSpecification specification, List<String> parts) {
    parts.add(Integer.toString(specification.patterns().size()));
    for (Map.Entry<String, List<Pattern>> label : specification.patterns().entrySet()) {
      parts.add(label.getKey());
      texts(
          label.getValue().stream().map(Pattern::text).distinct().sorted(CodePoints.ORDER).toList(),
          parts);
    }
  }

  private static void texts(Collection<?> texts, List<String> parts) {
    parts.add(Integer.toString(texts.size()));
    texts.forEach(text -> parts.add(text.toString()));
  }

  private static String micros(@Nullable Duration duration) {
    return duration == null ? "none" : Long.toString(Micros.of(duration));
  }
}
