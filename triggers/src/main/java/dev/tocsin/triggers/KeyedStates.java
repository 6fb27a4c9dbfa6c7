package dev.tocsin.triggers;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of every key of one trigger, at most so many: one more, and the key longest unchanged
 * is given up. A state that has lapsed is as if it had never been: it is not found and does not
 * count, whether or not its memory has been freed by then.
 *
 * @param <S> what is remembered of a key
 */
final class KeyedStates<S> {

  private final int maxKeys;
  private final Map<BucketingKey, Held<S>> longestUnchangedFirst = new LinkedHashMap<>();
  private final NavigableSet<Held<S>> firstToLapseFirst =
      new TreeSet<>(
          Comparator.<Held<S>>comparingLong(Held::lapses).thenComparingLong(Held::change));
  private long changes;

  KeyedStates(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  /** A state that lapses once the clock is at {@code lapses}, by the {@code change}-th change. */
  private record Held<S>(BucketingKey key, S state, long lapses, long change) {}

  /** A key's state, if it has one that has not lapsed. */
  @Nullable S get(BucketingKey key, long clock) {
    Held<S> held = longestUnchangedFirst.get(key);
    return held == null || held.lapses() <= clock ? null : held.state();
  }

  /** Removes a key's state, if it has one. */
  void remove(BucketingKey key) {
    Held<S> held = longestUnchangedFirst.remove(key);
    if (held != null) {
      firstToLapseFirst.remove(held);
    }
  }

  /** Sets a key's state, which then is the one last changed. Returns the key given up, if any. */
  @Nullable BucketingKey put(BucketingKey key, S state, long lapses, long clock) {
    return put(key, state, lapses, clock, (eldest, given) -> {});
  }

  /** As above; hands over the state of the key given up, if any. */
  @Nullable BucketingKey put(
      BucketingKey key, S state, long lapses, long clock, BiConsumer<BucketingKey, S> lost) {
    remove(key);
    Held<S> held = new Held<>(key, state, lapses, changes++);
    longestUnchangedFirst.put(key, held);
    if (lapses != ReactiveState.NEVER_ENDS) {
      firstToLapseFirst.add(held);
    }
    if (longestUnchangedFirst.size() <= maxKeys || dropLapsed(clock, 1) > 0) {
      return null;
    }
    Held<S> eldest = longestUnchangedFirst.values().iterator().next();
    remove(eldest.key());
    lost.accept(eldest.key(), eldest.state());
    return eldest.key();
  }

  /** Frees the memory of lapsed states, at most so many. Returns how many. */
  int dropLapsed(long clock, int most) {
    int dropped = 0;
    while (dropped < most
        && !firstToLapseFirst.isEmpty()
        && firstToLapseFirst.first().lapses() <= clock) {
      remove(firstToLapseFirst.first().key());
      dropped++;
    }
    return dropped;
  }

  /** How many states are held, lapsed ones included until they are dropped. */
  int size() {
    return longestUnchangedFirst.size();
  }

  void clear() {
    longestUnchangedFirst.clear();
    firstToLapseFirst.clear();
  }

  /** Visits every state, the one longest unchanged first. */
  void forEach(BiConsumer<BucketingKey, S> visitor) {
    longestUnchangedFirst.forEach((key, held) -> visitor.accept(key, held.state()));
  }
}
