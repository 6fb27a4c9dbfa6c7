package dev.tocsin.triggers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a resource's labels must look like: labels are ANDed, the patterns of one label ORed. An
 * empty specification fits every resource.
 *
 * @param patterns label to the patterns of which one must fit; never an empty list
 */
public record ResourceSpecification(Map<String, List<Pattern>> patterns) {

  /** Fits every resource. */
  public static final ResourceSpecification ANY = new ResourceSpecification(Map.of());

  /** Copies, ordered by label; refuses a label without patterns. */
  public ResourceSpecification {
    Map<String, List<Pattern>> copy = new TreeMap<>(CodePoints.ORDER);
    patterns.forEach(
        (label, alternatives) -> {
          if (alternatives.isEmpty()) {
            throw new IllegalArgumentException("label " + label + " has no pattern");
          }
          copy.put(label, List.copyOf(alternatives));
        });
    patterns = Collections.unmodifiableMap(new LinkedHashMap<>(copy));
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
    return patterns.isEmpty();
  }

  /** Whether labels satisfy every pattern list. */
  public boolean matches(Labels labels) {
    for (Map.Entry<String, List<Pattern>> required : patterns.entrySet()) {
      String value = labels.get(required.getKey());
      if (value == null || !anyFits(required.getValue(), value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether at least one of the patterns fits a value. */
  static boolean anyFits(List<Pattern> alternatives, String value) {
    for (Pattern alternative : alternatives) {
      if (alternative.matches(value)) {
        return true;
      }
    }
    return false;
  }
}
