package dev.tocsin.triggers.keyed;

import org.jspecify.annotations.Nullable;

/**
 * A key and its state: both as bytes, or the key as bytes and the state as an object, if it is too
 * large to be encoded at every change. Immutable.
 *
 * @param <S> the state of a key
 */
final class PackedState<S> {

  private final byte[] packed;
  private final @Nullable S state;
  private final long size;

  private PackedState(byte[] packed, @Nullable S state, long size) {
    this.packed = packed;
    this.state = state;
    this.size = size;
  }

  /** A key and its state as bytes; does not copy the array. */
  static <S> PackedState<S> packed(byte[] packed) {
    return new PackedState<>(packed, null, packed.length);
  }

  /** A key as bytes, and a state that takes roughly {@code bytes}; does not copy the array. */
  static <S> PackedState<S> large(byte[] packedKey, S state, long bytes) {
    return new PackedState<>(packedKey, state, packedKey.length + bytes);
  }

  /** The key, followed by the state if {@link #state} is null. */
  byte[] bytes() {
    return packed;
  }

  @Nullable S state() {
    return state;
  }

  /** How much memory it takes, roughly. */
  long size() {
    return size;
  }

  void write(StateCodec<S> codec, StateWriter to) {
    to.raw(packed);
    if (state != null) {
      codec.write(state, to);
    }
  }
}
