package dev.tocsin.triggers.keyed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys and states of the cells of {@link SlabPages}: the bytes of the key, followed by those of
 * its state. What is too long for a cell, and a {@linkplain StateCodec#isLarge large} state, is
 * kept apart: its cell is empty.
 *
 * @param <S> the state of a key
 */
final class CellStore<S> {

  private static final byte[] NOTHING = {};

  private final StateCodec<S> codec;
  private final SlabPages pages = new SlabPages();
  private final StateWriter writer = new StateWriter();

  /** By the cells that are empty. */
  private final Map<Integer, PackedState<S>> apart = new HashMap<>(0);

  private long bytes;

  CellStore(StateCodec<S> codec) {
    this.codec = codec;
  }

  SlabPages pages() {
    return pages;
  }

  StateCodec<S> codec() {
    return codec;
  }

  /** How many bytes all keys and states take together. */
  long bytes() {
    return bytes;
  }

  /**
   * Stores a key and a state instead of the content of a cell, or of {@link SlabPages#NONE}.
   * Returns the cell: another one if they need a cell of another size; the one before is then to be
   * {@linkplain SlabPages#release released}.
   */
  int put(int before, byte[] packedKey, S state) {
    if (codec.isLarge(state)) {
      return putApart(before, PackedState.large(packedKey, state, codec.bytes(state)));
    }
    writer.reset().raw(packedKey);
    codec.write(state, writer);
    return put(before, writer.shared(), 0, writer.length());
  }

  /**
   * The same for a key and a state as they were stored.
   *
   * @param keyEnd the length of the key, which is followed by the state
   */
  int putStored(int before, byte[] packed, int keyEnd, S state) {
    return codec.isLarge(state)
        ? put(before, Arrays.copyOf(packed, keyEnd), state)
        : put(before, packed, 0, packed.length);
  }

  /** The same for the content of a cell of another store. */
  int putFrom(CellStore<S> other, int cell) {
    return other.isApart(cell)
        ? putApart(SlabPages.NONE, other.apart(cell))
        : put(
            SlabPages.NONE,
            other.pages.array(cell),
            SlabPages.from(cell),
            other.pages.length(cell));
  }

  private int put(int before, byte[] array, int from, int length) {
    if (length > SlabPages.MAX_LENGTH) {
      return putApart(before, PackedState.packed(Arrays.copyOfRange(array, from, from + length)));
    }
    empty(before);
    int cell = cell(before, length);
    pages.fill(cell, array, from, length);
    bytes += length;
    return cell;
  }

  private int putApart(int before, PackedState<S> packed) {
    empty(before);
    int cell = cell(before, 0);
    pages.fill(cell, NOTHING, 0, 0);
    apart.put(cell, packed);
    bytes += packed.size();
    return cell;
  }

  private int cell(int before, int length) {
    return before != SlabPages.NONE && pages.isFor(before, length) ? before : pages.take(length);
  }

  /** Forgets the content of a cell, which is to be filled or released next. */
  void empty(int cell) {
    if (cell == SlabPages.NONE) {
      return;
    }
    if (isApart(cell)) {
      bytes -= apart(cell).size();
      apart.remove(cell);
    } else {
      bytes -= pages.length(cell);
    }
  }

  /** The state of a cell. */
  S state(int cell) {
    S large = isApart(cell) ? apart(cell).state() : null;
    if (large != null) {
      return large;
    }
    StateReader reader = reader(cell);
    reader.skipKey();
    return codec.read(reader);
  }

  /** The key of a cell, as bytes. */
  byte[] packedKey(int cell) {
    StateReader reader = reader(cell);
    int from = reader.position();
    reader.skipKey();
    return reader.since(from);
  }

  /** The hash of a cell's key. */
  int hash(int cell, long seed) {
    StateReader reader = reader(cell);
    int from = reader.position();
    reader.skipKey();
    return reader.hashSince(from, seed);
  }

  /** Reads the bytes of a cell, until the next change. */
  StateReader reader(int cell) {
    if (isApart(cell)) {
      byte[] packed = apart(cell).bytes();
      return new StateReader(packed, 0, packed.length);
    }
    int from = SlabPages.from(cell);
    return new StateReader(pages.array(cell), from, from + pages.length(cell));
  }

  /** Whether a cell's key is the one in the first {@code end} bytes of an array. */
  boolean isKey(int cell, byte[] key, int end) {
    if (isApart(cell)) {
      byte[] packed = apart(cell).bytes();
      return startsWith(packed, 0, packed.length, key, end);
    }
    return startsWith(pages.array(cell), SlabPages.from(cell), pages.length(cell), key, end);
  }

  /** No key is a prefix of another, so the key is the same if the content starts with it. */
  private static boolean startsWith(byte[] content, int from, int length, byte[] key, int end) {
    return length >= end && Arrays.equals(content, from, from + end, key, 0, end);
  }

  /** The content of a cell, which does not change with it. */
  PackedState<S> copy(int cell) {
    return isApart(cell) ? apart(cell) : PackedState.packed(reader(cell).rest());
  }

  /** A key takes at least one byte, so only a cell whose content is apart is empty. */
  private boolean isApart(int cell) {
    return pages.length(cell) == 0;
  }

  private PackedState<S> apart(int cell) {
    PackedState<S> packed = apart.get(cell);
    if (packed == null) {
      throw new IllegalStateException("cell " + cell + " is free");
    }
    return packed;
  }
}
