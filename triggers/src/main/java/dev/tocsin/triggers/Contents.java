package dev.tocsin.triggers;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is held of the key in each slot: bytes that begin with the key and go on with its state,
 * most often in a {@link Cells cell}. Apart from these is what is too long for one, and a state
 * that is not written as bytes at each change.
 *
 * @param <S> what is remembered of a key
 */
final class Contents<S> {

  private static final int APART = -1;

  private final Cells cells = new Cells();

  /** Know of each slot the address of its cell, or {@link Cells#NONE}, or {@link #APART}. */
  private final Slots slots;

  private final Map<Integer, Held<S>> apart = new HashMap<>();
  private long bytes;

  Contents(Slots slots) {
    this.slots = slots;
  }

  /** What is held of one key: does not change. */
  static final class Held<S> {

    private final byte[] packed;
    private final @Nullable S state;
    private final long bytes;

    private Held(byte[] packed, @Nullable S state, long bytes) {
      this.packed = packed;
      this.state = state;
      this.bytes = bytes;
    }

    /** A key and its state as bytes; the array is taken over. */
    static <S> Held<S> packed(byte[] packed) {
      return new Held<>(packed, null, packed.length);
    }

    /** A key as bytes, and a state of about so many. */
    static <S> Held<S> of(byte[] key, S state, long bytes) {
      return new Held<>(key, state, key.length + bytes);
    }

    void write(StateCodec<S> codec, StateWriter to) {
      to.raw(packed);
      if (state != null) {
        codec.write(state, to);
      }
    }
  }

  /** How many bytes all take together. */
  long bytes() {
    return bytes;
  }

  /** Whether far more memory is taken than is needed. */
  boolean areSparse() {
    return cells.areSparse();
  }

  /** Puts so many bytes of an array, from a place on, into a slot, in the place of what was. */
  void put(int slot, byte[] array, int from, int length) {
    remove(slot);
    int address = length > Cells.LONGEST ? Cells.NONE : cells.put(array, from, length);
    if (address == Cells.NONE) {
      put(slot, Held.packed(Arrays.copyOfRange(array, from, from + length)));
      return;
    }
    slots.setAddress(slot, address);
    bytes += length;
  }

  /** Holds something apart, in the place of what was. */
  void put(int slot, Held<S> held) {
    remove(slot);
    apart.put(slot, held);
    slots.setAddress(slot, APART);
    bytes += held.bytes;
  }

  /** Empties a slot. */
  void remove(int slot) {
    int address = slots.address(slot);
    if (address > Cells.NONE) {
      bytes -= cells.length(address);
      cells.remove(address);
    } else if (address == APART) {
      bytes -= apart(slot).bytes;
      apart.remove(slot);
    }
    slots.setAddress(slot, Cells.NONE);
  }

  /** The state in a slot, where it is not held as bytes. */
  @Nullable S state(int slot) {
    return slots.address(slot) == APART ? apart(slot).state : null;
  }

  /** Reads a slot's bytes, until the next change. */
  StateReader reader(int slot) {
    int address = slots.address(slot);
    if (address == APART) {
      byte[] packed = apart(slot).packed;
      return new StateReader(packed, 0, packed.length);
    }
    int from = Cells.from(address);
    return new StateReader(cells.array(address), from, from + cells.length(address));
  }

  /** Whether a slot's key is the one that begins an array and ends at a place. */
  boolean isKey(int slot, byte[] key, int end) {
    int address = slots.address(slot);
    return address == APART
        ? begins(apart(slot).packed, 0, apart(slot).packed.length, key, end)
        : begins(cells.array(address), Cells.from(address), cells.length(address), key, end);
  }

  /** No key begins another, so the key is the same if it begins what is held. */
  private static boolean begins(byte[] held, int from, int length, byte[] key, int end) {
    return length >= end && Arrays.equals(held, from, from + end, key, 0, end);
  }

  /** What is held of a slot. */
  Held<S> copy(int slot) {
    return slots.address(slot) == APART ? apart(slot) : Held.packed(reader(slot).rest());
  }

  /** Takes what another holds of a slot into one of these, which is empty. */
  void take(int slot, Contents<S> from, int other) {
    Held<S> held = from.apart.get(other);
    if (held != null) {
      put(slot, held);
      return;
    }
    int address = from.slots.address(other);
    put(slot, from.cells.array(address), Cells.from(address), from.cells.length(address));
  }

  private Held<S> apart(int slot) {
    Held<S> held = apart.get(slot);
    if (held == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return held;
  }
}
