package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * Small numbers, one for each key that is held, in the order in which the keys last changed; and
 * where in other tables a key stands. All of a slot is three ints that lie together, and the order
 * is a list to which a slot is added at each change: so to change a key touches little memory. What
 * stands in the list of earlier changes is passed over, and dropped once there is much of it.
 */
final class Slots {

  /** No slot, and no place. */
  static final int NONE = -1;

  private static final int FEWEST = 64;
  private static final int FEW = 8;

  private static final int FIELDS = 3;

  /**
   * Where a slot stands in the order; of a free one, less than 0, the one that was freed before.
   */
  private static final int POSITION = 0;

  private static final int PLACE = 1;
  private static final int ADDRESS = 2;

  /** Of each slot the fields above. */
  private int[] fields = {};

  private int free = NONE;
  private int size;

  /** Slots, each wherever it has changed; it counts where its position is. */
  private int[] order = {};

  /** None that counts stands before. */
  private int first;

  private int end;

  /** Those from here on have changed since {@link #handOver}. */
  private int changed;

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
    free = linked(get(slot, POSITION));
    size++;
    setPlace(slot, NONE);
    setAddress(slot, Cells.NONE);
    append(slot);
    return slot;
  }

  /** Makes one that is taken the one that changed last. */
  void renew(int slot) {
    set(slot, POSITION, NONE);
    append(slot);
  }

  /** Frees one. */
  void release(int slot) {
    set(slot, POSITION, linked(free));
    free = slot;
    size--;
  }

  /** The one that has not changed for longest, or {@link #NONE}. */
  int oldest() {
    first = counting(first);
    return at(first);
  }

  /** The one that changed next, or {@link #NONE}. */
  int newer(int slot) {
    return at(counting(get(slot, POSITION) + 1));
  }

  /** The one that has not changed for longest since {@link #handOver}, or {@link #NONE}. */
  int firstChanged() {
    changed = counting(changed);
    return at(changed);
  }

  /** From now on none has changed. */
  void handOver() {
    changed = end;
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
    return fields.length / FIELDS;
  }

  private int get(int slot, int field) {
    return fields[slot * FIELDS + field];
  }

  private void set(int slot, int field, int value) {
    fields[slot * FIELDS + field] = value;
  }

  /** A link to a slot or {@link #NONE}, which is no position; and back. */
  private static int linked(int slotOrLink) {
    return -2 - slotOrLink;
  }

  private int at(int position) {
    return position == end ? NONE : order[position];
  }

  /** The first position from one on where what stands there counts, or the end. */
  private int counting(int from) {
    int position = from;
    while (position < end && get(order[position], POSITION) != position) {
      position++;
    }
    return position;
  }

  private void append(int slot) {
    if (end == order.length) {
      makeRoom();
    }
    order[end] = slot;
    set(slot, POSITION, end++);
  }

  /** Leaves in the order what counts, and room for as much. */
  private void makeRoom() {
    int[] next = new int[2 * size + FEW];
    int count = 0;
    int countChanged = 0;
    for (int position = counting(first); position < end; position = counting(position + 1)) {
      if (position < changed) {
        countChanged++;
      }
      int slot = order[position];
      next[count] = slot;
      set(slot, POSITION, count++);
    }
    order = next;
    first = 0;
    end = count;
    changed = countChanged;
  }

  private void grow() {
    int before = capacity();
    int capacity = TimeOrder.grown(before);
    fields = Arrays.copyOf(fields, capacity * FIELDS);
    for (int slot = capacity - 1; slot >= before; slot--) {
      set(slot, POSITION, linked(free));
      free = slot;
    }
  }
}
