package dev.tocsin.triggers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fingerprint of everything that decides when a trigger fires, and of nothing else, from one
 * canonical form. A new component of a trigger does not compile until it is written here or left
 * out by name. Computes the fingerprint of each trigger in a tree once.
 */
public final class TriggerFingerprint {

  /** Part of every fingerprint; raise it whenever the canonical form changes. */
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
      // How many keys it may hold does not decide when it fires.
      case CompoundTrigger(var children, int require, var within, var forEach, int _) -> {
        parts.add("compound");
        parts.add(Integer.toString(require));
        composite(children, within, forEach, parts);
      }
      case SequenceTrigger(var children, var within, var forEach, int _) -> {
        parts.add("sequence");
        composite(children, within, forEach, parts);
      }
    }
    return DerivedId.of("trigger", parts.toArray(String[]::new));
  }

  /** Neither {@code maxKeys} nor {@code matchAll} decides when a trigger fires. */
  private static void write(EventTrigger trigger, List<String> parts) {
    switch (trigger) {
      case EventTrigger(
              var posture,
              var match,
              var matchRelated,
              var where,
              var after,
              var expect,
              var forEach,
              int threshold,
              var within,
              int _,
              boolean _) -> {
        parts.add("event");
        specification(match, parts);
        texts(
            matchRelated.stream()
                .filter(related -> !related.isEmpty())
                .map(TriggerFingerprint::specification)
                .distinct()
                .sorted()
                .toList(),
            parts);
        texts(where == null ? List.of() : List.of(where.text()), parts);
        texts(after, parts);
        texts(expect, parts);
        texts(forEach.stream().map(LabelReference::text).toList(), parts);
        parts.add(Integer.toString(threshold));
        parts.add(micros(within));
        parts.add(posture.label());
        write(posture, parts);
      }
    }
  }

  private static void write(Posture posture, List<String> parts) {
    switch (posture) {
      case Posture.Reactive() -> {}
      case Posture.Proactive(
              var lateness,
              var onBlind,
              var repeat,
              var roster,
              var forgetAfter) -> {
        parts.add(micros(lateness));
        parts.add(onBlind.name());
        parts.add(micros(repeat));
        parts.add(Integer.toString(roster.size()));
        roster.forEach(key -> texts(key.values(), parts));
        parts.add(micros(forgetAfter));
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

  /** A fingerprint of one of several specifications whose order has no meaning. */
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
