package dev.tocsin.actions.template;

import org.jspecify.annotations.Nullable;

/** A method of Python that maps and texts know here, by its name. */
interface Method {
  @Nullable Object apply(String name, Object owner, Arguments arguments, Rendition rendition);
}
