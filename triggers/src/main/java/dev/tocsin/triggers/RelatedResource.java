package dev.tocsin.triggers;

import org.jspecify.annotations.Nullable;

/**
 * A resource that an event also concerns, in a role. {@value Resource#ID} and {@value #ROLE} are
 * required and not empty.
 *
 * @param labels all labels, identifier and role among them
 */
public record RelatedResource(Labels labels) {

  /** The label with the role of a related resource. */
  public static final String ROLE = "prefect.resource.role";

  /** Refuses labels without an identifier or a role. */
  public RelatedResource {
    Resource.requireNotEmpty(labels, Resource.ID);
    Resource.requireNotEmpty(labels, ROLE);
  }

  /** A related resource of alternating label names and values. */
  public static RelatedResource of(String... namesAndValues) {
    return new RelatedResource(Labels.of(namesAndValues));
  }

  /** The identifier, never empty. */
  public String id() {
    return Resource.requireNotEmpty(labels, Resource.ID);
  }

  /** The role, never empty. */
  public String role() {
    return Resource.requireNotEmpty(labels, ROLE);
  }

  /** The human name, if the resource has one. */
  public @Nullable String name() {
    return labels.get(Resource.NAME);
  }
}
