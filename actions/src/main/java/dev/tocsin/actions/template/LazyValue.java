package dev.tocsin.actions.template;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when a template first asks for it, and then kept. */
public final class LazyValue {

  private final Supplier<?> source;
  private volatile @Nullable Object value;

  /** A value of a source that gives an equal value every time and never null. */
  public LazyValue(Supplier<?> source) {
    this.source = source;
  }

  /** The value. */
  public Object get() {
    Object known = value;
    if (known == null) {
      known = source.get();
      value = known;
    }
    return known;
  }

  /** The value that stands behind another: itself, unless it is lazy. */
  static @Nullable Object resolve(@Nullable Object value) {
    return value instanceof LazyValue lazy ? lazy.get() : value;
  }
}
