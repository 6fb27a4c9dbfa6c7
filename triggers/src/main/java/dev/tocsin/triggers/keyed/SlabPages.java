package dev.tocsin.triggers.keyed;

import java.util.Arrays;

/**
 * Short runs of bytes, each in a cell of a few large pages: so that what is held of a key is no
 * object of its own, which costs a header, a reference, and work whenever memory is collected. A
 * cell is known by its address, and is of two or more units; before its bytes stands where in other
 * tables it is found, so that to come to a key is to touch one place in memory. What is freed is
 * used again for what takes as many units (Bonwick, <i>The Slab Allocator</i>, USENIX 1994, without
 * giving slabs back: {@link #areSparse} says when to begin anew).
 */
final class SlabPages {

  /** Most bytes of a cell. */
  static final int MAX_LENGTH = 255;

  /** In the place of an address: there is no cell. */
  static final int NONE = 0;

  /* Where from the begin of a cell its fields lie; of a free one the place is that of the next. */
  private static final int POSITION = 0;
  private static final int PLACE = 4;
  private static final int LENGTH = 8;
  private static final int HEADER = 9;

  private static final int UNIT = 8;
  private static final int FEWEST_UNITS = units(0);
  private static final int PAGE_BITS = 12;
  private static final int PAGE_UNITS = 1 << PAGE_BITS;
  private static final int SMALLEST_PAGE_UNITS = 16;

  /** The first page grows until it is as long as every other. */
  private byte[][] pages = new byte[1][0];

  /** Of each number of units the cell freed last, which knows the one freed before. */
  private int[] free = {};

  /** The first unit that was never part of a cell; the one at 0 never is. */
  private int next = 1;

  private int used;
  private int count;

  /** How many cells are taken. */
  int count() {
    return count;
  }

  /**
   * Whether so much is taken, some 4 GiB, that there may be no room for more: four times as much
   * has addresses, and cells that are sparser than that are begun anew.
   */
  boolean areFull() {
    return used > Integer.MAX_VALUE / 4 - PAGE_UNITS;
  }

  /** Whether most of what is taken from the heap is free. */
  boolean areSparse() {
    return next > PAGE_UNITS && used < next / 4;
  }

  /**
   * Takes a cell for so many bytes, at most {@value #MAX_LENGTH}; it has no position and no place.
   */
  int take(int length) {
    int units = units(length);
    int cell = units < free.length ? free[units] : NONE;
    if (cell == NONE) {
      cell = carve(units);
    } else {
      free[units] = place(cell);
    }
    used += units;
    count++;
    setPlace(cell, DeadlineQueue.NONE);
    return cell;
  }

  /** Frees a cell. */
  void release(int cell) {
    int units = units(length(cell));
    used -= units;
    count--;
    free(cell, units);
  }

  /** Whether so many bytes take the cell that they would be given. */
  boolean isFor(int cell, int length) {
    return units(length(cell)) == units(length);
  }

  /** Puts as many bytes of an array as a cell was taken for, from a place on, into it. */
  void fill(int cell, byte[] array, int from, int length) {
    byte[] page = array(cell);
    int begin = begin(cell);
    page[begin + LENGTH] = (byte) length;
    System.arraycopy(array, from, page, begin + HEADER, length);
  }

  /** The array that a cell is part of; it changes with every call that changes anything. */
  byte[] array(int cell) {
    return pages[cell >>> PAGE_BITS];
  }

  /** Where in its array that begins which a cell holds. */
  static int from(int cell) {
    return begin(cell) + HEADER;
  }

  /** How many bytes a cell holds. */
  int length(int cell) {
    return array(cell)[begin(cell) + LENGTH] & 0xff;
  }

  /** Where a cell stands in a {@link UpdateOrder}. */
  int position(int cell) {
    return ByteViews.four(array(cell), begin(cell) + POSITION);
  }

  void setPosition(int cell, int position) {
    ByteViews.put(array(cell), begin(cell) + POSITION, position);
  }

  /** Where a cell stands in a {@link DeadlineQueue}. */
  int place(int cell) {
    return ByteViews.four(array(cell), begin(cell) + PLACE);
  }

  void setPlace(int cell, int place) {
    ByteViews.put(array(cell), begin(cell) + PLACE, place);
  }

  private static int begin(int cell) {
    return (cell & (PAGE_UNITS - 1)) * UNIT;
  }

  private static int units(int length) {
    return (HEADER + length + UNIT - 1) / UNIT;
  }

  /**
   * What is left of it in any order counts no more: it has no position, and no place that is far.
   */
  private void free(int cell, int units) {
    if (units >= free.length) {
      free = Arrays.copyOf(free, units + 1);
    }
    setPosition(cell, UpdateOrder.NONE);
    setPlace(cell, free[units]);
    free[units] = cell;
  }

  /** A cell of units that were never part of one. */
  private int carve(int units) {
    int left = PAGE_UNITS - (next & (PAGE_UNITS - 1));
    if (left < units) {
      require(left);
      if (left >= FEWEST_UNITS) {
        free(next, left);
      }
      next += left;
    }
    require(units);
    int cell = next;
    next += units;
    setPosition(cell, UpdateOrder.NONE);
    return cell;
  }

  /** Makes the page of the next units long enough. */
  private void require(int units) {
    int page = next >>> PAGE_BITS;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page + page / 4 + 1);
    }
    byte[] bytes = pages[page];
    int end = begin(next) + units * UNIT;
    if (bytes == null) {
      pages[page] = new byte[PAGE_UNITS * UNIT];
    } else if (bytes.length < end) {
      int longer = Math.max(Math.max(bytes.length * 2, SMALLEST_PAGE_UNITS * UNIT), end);
      pages[page] = Arrays.copyOf(bytes, Math.min(longer, PAGE_UNITS * UNIT));
    }
  }
}
