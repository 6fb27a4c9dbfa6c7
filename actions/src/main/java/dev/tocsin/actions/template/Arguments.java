package dev.tocsin.actions.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a filter, method or function was called with.
 *
 * @param positional in order
 * @param named by name
 */
record Arguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {

  /** The argument at a place or by its name, or null. */
  @Nullable Object get(int place, String name) {
    return place < positional.size() ? positional.get(place) : named.get(name);
  }

  boolean has(int place, String name) {
    return place < positional.size() || named.containsKey(name);
  }

  String text(int place, String name, String otherwise, Rendition rendition) {
    Object value = get(place, name);
    return value == null ? otherwise : rendition.text(value);
  }

  boolean truth(int place, String name) {
    return Values.truth(get(place, name));
  }

  /** A whole number that fits an int, by clamping. */
  int whole(int place, String name, int otherwise, Rendition rendition) {
    Object value = get(place, name);
    if (value == null) {
      return otherwise;
    }
    if (!Values.isWhole(value)) {
      throw rendition.fault(name + " must be a whole number, not " + Values.kind(value));
    }
    return Math.clamp(((Number) value).longValue(), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
