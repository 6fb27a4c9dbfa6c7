package dev.tocsin.triggers.keyed;

import java.util.List;

/**
 * What has changed in a {@link KeyedStates}: all keys before are gone, some keys are gone, some
 * keys have another state, in this order. Immutable.
 *
 * @param <S> the state of a key
 */
public final class StateChanges<S> {

  private final StateCodec<S> codec;
  private final boolean isCleared;
  private final List<byte[]> gone;
  private final List<PackedState<S>> changed;

  /** The changed keys are in the order of their last update. */
  StateChanges(
      StateCodec<S> codec, boolean isCleared, List<byte[]> gone, List<PackedState<S>> changed) {
    this.codec = codec;
    this.isCleared = isCleared;
    this.gone = List.copyOf(gone);
    this.changed = changed;
  }

  /** The number of rows: one if all keys before are gone, one per key that is gone or changed. */
  public int rows() {
    return (isCleared ? 1 : 0) + gone.size() + changed.size();
  }

  /** Whether all keys before are gone: row 0. */
  public boolean isCleared() {
    return isCleared;
  }

  /** The keys that are gone, as bytes: the next rows. */
  public List<byte[]> gone() {
    return gone;
  }

  /** Writes a changed key and its state, by index among those. */
  public void write(int index, StateWriter to) {
    changed.get(index).write(codec, to);
  }
}
