package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * What an event happened to: its labels, of which {@value #ID} is required and not empty.
 *
 * @param labels all labels, the identifier among them
 */
public record Resource(Labels labels) {

  /** The label that identifies a resource. */
  public static final String ID = "prefect.resource.id";

  /** The label with the human name of a resource. */
  public static final String NAME = "prefect.resource.name";

  /** Refuses labels without an identifier. */
  public Resource {
    requireNotEmpty(labels, ID);
  }

  /** A resource of alternating label names and values. */
  public static Resource of(String... namesAndValues) {
    return new Resource(Labels.of(namesAndValues));
  }

  /** The identifier, never empty. */
  public String id() {
    return requireNotEmpty(labels, ID);
  }

  /** The human name, if the resource has one. */
  public @Nullable String name() {
    return labels.get(NAME);
  }

  static String requireNotEmpty(Labels labels, String name) {
    String value = labels.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("label " + name + " is required and must not be empty");
    }
    return value;
  }
}
