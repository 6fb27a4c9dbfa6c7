package dev.tocsin.triggers;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown where a trigger is made that breaks rules: all of them at once, none found later. */
public final class InvalidTriggerException extends IllegalArgumentException {

  private final transient List<Violation> violations;

  InvalidTriggerException(List<Violation> violations) {
    super(violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
  }

  /** The broken rules, at least one. */
  public List<Violation> violations() {
    return violations;
  }
}
