package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * Small numbers, one for each key that is held, in the order in which the keys last changed. Two
 * ints each.
 */
final class Slots {

  /** No slot. */
  static final int NONE = -1;

  private static final int FEWEST = 64;

  /** Of each slot the one that changed before it, and the one after, or the next free one. */
  private int[] links = {};

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

  /** Takes a free one, which then is the one that changed last. */
  int take() {
    if (free == NONE) {
      grow();
    }
    int slot = free;
    free = newer(slot);
    size++;
    append(slot);
    return slot;
  }

  /** Makes one that is taken the one that changed last. */
  void renew(int slot) {
    unlink(slot);
    append(slot);
  }

  /** Frees one. */
  void release(int slot) {
    unlink(slot);
    links[slot * 2 + 1] = free;
    free = slot;
    size--;
  }

  /** The one that has not changed for longest, or {@link #NONE}. */
  int oldest() {
    return oldest;
  }

  /** The one that changed next, or {@link #NONE}. */
  int newer(int slot) {
    return links[slot * 2 + 1];
  }

  /** The first that has changed since {@link #handOver}, or {@link #NONE}. */
  int firstChanged() {
    return firstChanged;
  }

  /** From now on none has changed. */
  void handOver() {
    firstChanged = NONE;
  }

  private int capacity() {
    return links.length / 2;
  }

  private int older(int slot) {
    return links[slot * 2];
  }

  private void append(int slot) {
    links[slot * 2] = newest;
    links[slot * 2 + 1] = NONE;
    if (newest == NONE) {
      oldest = slot;
    } else {
      links[newest * 2 + 1] = slot;
    }
    newest = slot;
    if (firstChanged == NONE) {
      firstChanged = slot;
    }
  }

  private void unlink(int slot) {
    int before = older(slot);
    int after = newer(slot);
    if (before == NONE) {
      oldest = after;
    } else {
      links[before * 2 + 1] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      links[after * 2] = before;
    }
    if (firstChanged == slot) {
      firstChanged = after;
    }
  }

  private void grow() {
    int before = capacity();
    int capacity = TimeOrder.grown(before);
    links = Arrays.copyOf(links, capacity * 2);
    for (int slot = capacity - 1; slot >= before; slot--) {
      links[slot * 2 + 1] = free;
      free = slot;
    }
  }
}
