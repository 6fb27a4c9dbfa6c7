package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a resource's labels must look like: labels are ANDed, the patterns of one label ORed. An
 * empty specification fits every resource. Immutable.
 */
public final class ResourceSpecification {

  /** Fits every resource. */
  public static final ResourceSpecification ANY = new ResourceSpecification(Map.of());

  private final List<Requirement> requirements;

  /** Label by label; the patterns of each in the same place. */
  private final String[] labels;

  private final Patterns[] alternatives;

  /** The patterns of which one must fit a label. */
  private record Requirement(String label, List<Pattern> alternatives) {
    Requirement {
      if (alternatives.isEmpty()) {
        throw new IllegalArgumentException("label " + label + " has no pattern");
      }
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * Label to the patterns of which one must fit. Copies, ordered by label; refuses a label without
   * patterns.
   */
  public ResourceSpecification(Map<String, List<Pattern>> patterns) {
    List<Requirement> ordered = new ArrayList<>();
    patterns.forEach((label, alternatives) -> ordered.add(new Requirement(label, alternatives)));
    ordered.sort(Comparator.comparing(Requirement::label, CodePoints.ORDER));
    requirements = List.copyOf(ordered);
    labels = ordered.stream().map(Requirement::label).toArray(String[]::new);
    alternatives =
        ordered.stream()
            .map(required -> new Patterns(required.alternatives()))
            .toArray(Patterns[]::new);
  }

  /** Label to the patterns of which one must fit, never none; ordered by label. */
  public Map<String, List<Pattern>> patterns() {
    Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
    requirements.forEach(each -> patterns.put(each.label(), each.alternatives()));
    return Collections.unmodifiableMap(patterns);
  }

  /** A specification of one pattern a label, in alternating labels and patterns. */
  public static ResourceSpecification of(String... labelsAndPatterns) {
    Map<String, List<Pattern>> patterns = new LinkedHashMap<>();
    for (int i = 0; i < labelsAndPatterns.length; i += 2) {
      patterns.put(labelsAndPatterns[i], List.of(Pattern.of(labelsAndPatterns[i + 1])));
    }
    return new ResourceSpecification(patterns);
  }

  /** Whether nothing is asked. */
  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /** Whether labels satisfy every pattern list. */
  public boolean matches(Labels resource) {
    for (int i = 0; i < labels.length; i++) {
      String value = resource.get(labels[i]);
      if (value == null || !alternatives[i].anyFits(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ResourceSpecification that && requirements.equals(that.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode();
  }

  @Override
  public String toString() {
    return patterns().toString();
  }
}
