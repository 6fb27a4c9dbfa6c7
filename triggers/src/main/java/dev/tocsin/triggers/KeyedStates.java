package dev.tocsin.triggers;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of every key of one trigger, in the order in which they last changed, at most so many: one
 * more, and the key longest unchanged is given up.
 *
 * @param <S> what is remembered of a key
 */
final class KeyedStates<S> {

  private final int maxKeys;
  private final Map<BucketingKey, S> states = new LinkedHashMap<>();

  KeyedStates(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  @Nullable S get(BucketingKey key) {
    return states.get(key);
  }

  /** Replaces a key's state; null removes it. Returns the key that was given up for it, if any. */
  @Nullable BucketingKey put(BucketingKey key, @Nullable S state) {
    states.remove(key);
    if (state == null) {
      return null;
    }
    states.put(key, state);
    if (states.size() <= maxKeys) {
      return null;
    }
    BucketingKey eldest = states.keySet().iterator().next();
    states.remove(eldest);
    return eldest;
  }

  /** Removes the keys longest unchanged as long as they are over, at most so many. */
  void sweep(Predicate<S> isOver, int most) {
    Iterator<S> eldestFirst = states.values().iterator();
    for (int i = 0; i < most && eldestFirst.hasNext() && isOver.test(eldestFirst.next()); i++) {
      eldestFirst.remove();
    }
  }

  int size() {
    return states.size();
  }

  void clear() {
    states.clear();
  }

  void forEach(BiConsumer<BucketingKey, S> visitor) {
    states.forEach(visitor);
  }
}
