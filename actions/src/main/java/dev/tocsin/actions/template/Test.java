package dev.tocsin.actions.template;

import org.jspecify.annotations.Nullable;

/** A test: {@code value is test(argument)}. Both may be {@link Undefined}. */
interface Test {
  boolean holds(@Nullable Object value, @Nullable Object argument, Rendition rendition);
}
