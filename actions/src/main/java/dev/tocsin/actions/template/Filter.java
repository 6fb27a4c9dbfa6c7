package dev.tocsin.actions.template;

import org.jspecify.annotations.Nullable;

/** A filter: {@code input | filter(arguments)}. The input may be {@link Undefined}. */
interface Filter {
  @Nullable Object apply(@Nullable Object input, Arguments arguments, Rendition rendition);
}
