package dev.tocsin.triggers.keyed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is held of each key: bytes that begin with the key and go on with its state, in a {@link
 * Cells cell}. Apart from these is what is too long for one, and a state that is not written as
 * bytes at each change: then the cell is empty.
 *
 * @param <S> what is remembered of a key
 */
public final class CellStore<S> {

  private static final byte[] NOTHING = {};

  private final SlabPages cells;

  /** By the cells that are empty. */
  private final Map<Integer, Held<S>> apart = new HashMap<>(0);

  private long bytes;

  CellStore(SlabPages cells) {
    this.cells = cells;
  }

  /** What is held of one key: does not change. */
  public static final class Held<S> {

    private final byte[] packed;
    private final @Nullable S state;
    private final long bytes;

    private Held(byte[] packed, @Nullable S state, long bytes) {
      this.packed = packed;
      this.state = state;
      this.bytes = bytes;
    }

    /** A key and its state as bytes; the array is taken over. */
    public static <S> Held<S> packed(byte[] packed) {
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

  /**
   * Holds so many bytes of an array, from a place on, instead of what a cell holds, if one is
   * given. Returns the cell: another one where they take more room than that, or less; the one
   * before is then to be {@link SlabPages#release released}.
   */
  int put(int before, byte[] array, int from, int length) {
    if (length > SlabPages.LONGEST) {
      return put(before, Held.packed(Arrays.copyOfRange(array, from, from + length)));
    }
    empty(before);
    int cell = cell(before, length);
    cells.fill(cell, array, from, length);
    bytes += length;
    return cell;
  }

  /** The same for what is held apart. */
  int put(int before, Held<S> held) {
    empty(before);
    int cell = cell(before, 0);
    cells.fill(cell, NOTHING, 0, 0);
    apart.put(cell, held);
    bytes += held.bytes;
    return cell;
  }

  private int cell(int before, int length) {
    return before != SlabPages.NONE && cells.isFor(before, length) ? before : cells.take(length);
  }

  /** Holds nothing in a cell any more, which is left as it is. */
  void empty(int cell) {
    if (cell == SlabPages.NONE) {
      return;
    }
    if (isApart(cell)) {
      bytes -= apart(cell).bytes;
      apart.remove(cell);
    } else {
      bytes -= cells.length(cell);
    }
  }

  /** The state of a cell, where it is not held as bytes. */
  @Nullable S state(int cell) {
    return isApart(cell) ? apart(cell).state : null;
  }

  /** Reads what is held as bytes, until the next change. */
  StateReader reader(int cell) {
    if (isApart(cell)) {
      byte[] packed = apart(cell).packed;
      return new StateReader(packed, 0, packed.length);
    }
    int from = SlabPages.from(cell);
    return new StateReader(cells.array(cell), from, from + cells.length(cell));
  }

  /** Whether a cell's key is the one that begins an array and ends at a place. */
  boolean isKey(int cell, byte[] key, int end) {
    return isApart(cell)
        ? begins(apart(cell).packed, 0, apart(cell).packed.length, key, end)
        : begins(cells.array(cell), SlabPages.from(cell), cells.length(cell), key, end);
  }

  /** No key begins another, so the key is the same if it begins what is held. */
  private static boolean begins(byte[] held, int from, int length, byte[] key, int end) {
    return length >= end && Arrays.equals(held, from, from + end, key, 0, end);
  }

  /** What is held. */
  Held<S> copy(int cell) {
    return isApart(cell) ? apart(cell) : Held.packed(reader(cell).rest());
  }

  /** Takes over what another holds in a cell; returns the one of these. */
  int take(CellStore<S> from, int other) {
    return from.isApart(other)
        ? put(SlabPages.NONE, from.apart(other))
        : put(
            SlabPages.NONE,
            from.cells.array(other),
            SlabPages.from(other),
            from.cells.length(other));
  }

  /** A key takes at least a byte. */
  private boolean isApart(int cell) {
    return cells.length(cell) == 0;
  }

  private Held<S> apart(int cell) {
    Held<S> held = apart.get(cell);
    if (held == null) {
      throw new IllegalStateException("cell " + cell + " is free");
    }
    return held;
  }
}
