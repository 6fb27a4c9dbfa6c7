package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * Small numbers, one for each key that is held, in the order in which the keys last changed; and
 * where in other tables a key stands. All of a slot is four ints that lie together, so that to
 * change a key touches little memory.
 */
final class Slots {

  /** No slot, and no place. */
  static final int NONE = -1;

  private static final int FEWEST = 64;

  private static final int FIELDS_BITS = 2;
  private static final int OLDER = 0;
  private static final int NEWER = 1;
  private static final int PLACE = 2;
  private static final int ADDRESS = 3;

  /** Of each slot the fields above; of a free one the newer one is the next that is free. */
  private int[] fields = {};

  private int oldest = NONE;
  private int newest = NONE;
  private int free = NONE;
  private int size;

  /** All from here on have changed since {@link #handOver}. */
  private int firstChanged = NONE;

  int size() {
    return size;
  }

  /** Whether there are far fewer than there were. */
  boolean areSparse() {
    return capacity() > FEWEST && size < capacity() / 4;
  }

  /** Takes a free one, which then is the one that changed last; it has no place and no address. */
  int take() {
    if (free == NONE) {
      grow();
    }
    int slot = free;
    free = newer(slot);
    size++;
    setPlace(slot, NONE);
    setAddress(slot, Cells.NONE);
    append(slot);
    return slot;
  }

  /** Makes one that is taken the one that changed last. */
  void renew(int slot) {
    if (slot != newest || firstChanged == NONE) {
      unlink(slot);
      append(slot);
    }
  }

  /** Frees one. */
  void release(int slot) {
    unlink(slot);
    set(slot, NEWER, free);
    free = slot;
    size--;
  }

  /** The one that has not changed for longest, or {@link #NONE}. */
  int oldest() {
    return oldest;
  }

  /** The one that changed next, or {@link #NONE}. */
  int newer(int slot) {
    return get(slot, NEWER);
  }

  /** The first that has changed since {@link #handOver}, or {@link #NONE}. */
  int firstChanged() {
    return firstChanged;
  }

  /** From now on none has changed. */
  void handOver() {
    firstChanged = NONE;
  }

  /** The place of one in the order of time, or {@link #NONE}. */
  int place(int slot) {
    return get(slot, PLACE);
  }

  void setPlace(int slot, int place) {
    set(slot, PLACE, place);
  }

  /** Where what is held of one lies. */
  int address(int slot) {
    return get(slot, ADDRESS);
  }

  void setAddress(int slot, int address) {
    set(slot, ADDRESS, address);
  }

  private int capacity() {
    return fields.length >>> FIELDS_BITS;
  }

  private int get(int slot, int field) {
    return fields[(slot << FIELDS_BITS) + field];
  }

  private void set(int slot, int field, int value) {
    fields[(slot << FIELDS_BITS) + field] = value;
  }

  private void append(int slot) {
    set(slot, OLDER, newest);
    set(slot, NEWER, NONE);
    if (newest == NONE) {
      oldest = slot;
    } else {
      set(newest, NEWER, slot);
    }
    newest = slot;
    if (firstChanged == NONE) {
      firstChanged = slot;
    }
  }

  private void unlink(int slot) {
    int before = get(slot, OLDER);
    int after = newer(slot);
    if (before == NONE) {
      oldest = after;
    } else {
      set(before, NEWER, after);
    }
    if (after == NONE) {
      newest = before;
    } else {
      set(after, OLDER, before);
    }
    if (firstChanged == slot) {
      firstChanged = after;
    }
  }

  private void grow() {
    int before = capacity();
    int capacity = TimeOrder.grown(before);
    fields = Arrays.copyOf(fields, capacity << FIELDS_BITS);
    for (int slot = capacity - 1; slot >= before; slot--) {
      set(slot, NEWER, free);
      free = slot;
    }
  }
}
