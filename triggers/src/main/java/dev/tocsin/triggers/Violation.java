package dev.tocsin.triggers;

/**
 * One rule that a trigger breaks.
 *
 * @param field the field at fault, by its name in YAML
 * @param message what is wrong, with the rule or bound and the value
 */
public record Violation(String field, String message) {

  @Override
  public String toString() {
    return field + " " + message;
  }
}
