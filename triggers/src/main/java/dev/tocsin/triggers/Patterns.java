package dev.tocsin.triggers;

import java.util.List;

/** Several patterns, one of which is to fit. */
public final class Patterns {

  private final Pattern[] alternatives;

  public Patterns(List<Pattern> alternatives) {
    this.alternatives = alternatives.toArray(Pattern[]::new);
  }

  /** Whether at least one fits a value. */
  public boolean anyFits(String value) {
    for (Pattern alternative : alternatives) {
      if (alternative.matches(value)) {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return alternatives.length == 0;
  }

  public static boolean anyFits(List<Pattern> alternatives, String value) {
    for (int i = 0; i < alternatives.size(); i++) {
      if (alternatives.get(i).matches(value)) {
        return true;
      }
    }
    return false;
  }
}
