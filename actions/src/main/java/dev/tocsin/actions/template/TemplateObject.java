package dev.tocsin.actions.template;

import org.jspecify.annotations.Nullable;

/** A value of a template whose members are not its fields: a resource, for one. */
public interface TemplateObject {

  /** The member by that name, or null. */
  @Nullable Object member(String name);

  /** What prints, and what loops and filters see: a map or a list. */
  Object plain();
}
