package dev.tocsin.triggers.keyed;

import java.util.Arrays;

/**
 * Allocates short byte sequences as cells of a few large pages, so that a key is not an object of
 * its own with a header, a reference and work for the garbage collector. A cell is identified by
 * its address and has two or more units. It begins with its position in other tables, so that
 * access to a key touches one place in memory. Freed cells are reused for cells of as many units
 * (Bonwick, <i>The Slab Allocator</i>, USENIX 1994, without returning slabs: {@link #areSparse}
 * says when to copy everything into new pages).
 */
final class SlabPages {

  /** Maximum number of bytes in a cell. */
  static final int MAX_LENGTH = 255;

  /** An address that means no cell. */
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

  /** The first page grows up to the length of the others. */
  private byte[][] pages = new byte[1][0];

  /** For each number of units the head of its free list: the cell freed last. */
  private int[] free = {};

  /** The first unit that was never part of a cell. The unit at 0 is not used. */
  private int next = 1;

  private int used;
  private int count;

  /** The number of allocated cells. */
  int count() {
    return count;
  }

  /**
   * Whether some 4 GiB are allocated and there may be no room for more: four times as much has
   * addresses, and sparser cells are copied into new pages.
   */
  boolean areFull() {
    return used > Integer.MAX_VALUE / 4 - PAGE_UNITS;
  }

  /** Whether more than half of the pages is free. */
  boolean areSparse() {
    return next > PAGE_UNITS && used < next / 2;
  }

  /**
   * Allocates a cell for a number of bytes, at most {@value #MAX_LENGTH}, without a position in the
   * orders.
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

  /** Whether a cell has the size that this number of bytes needs. */
  boolean isFor(int cell, int length) {
    return units(length(cell)) == units(length);
  }

  /** Copies into a cell, from an index of an array on, as many bytes as it was allocated for. */
  void fill(int cell, byte[] array, int from, int length) {
    byte[] page = array(cell);
    int begin = begin(cell);
    page[begin + LENGTH] = (byte) length;
    System.arraycopy(array, from, page, begin + HEADER, length);
  }

  /** The array that contains a cell. Valid until the next change. */
  byte[] array(int cell) {
    return pages[cell >>> PAGE_BITS];
  }

  /** The index of a cell's content in its array. */
  static int from(int cell) {
    return begin(cell) + HEADER;
  }

  /** The number of bytes in a cell. */
  int length(int cell) {
    return array(cell)[begin(cell) + LENGTH] & 0xff;
  }

  /** The position of a cell in an {@link UpdateOrder}. */
  int position(int cell) {
    return ByteViews.four(array(cell), begin(cell) + POSITION);
  }

  void setPosition(int cell, int position) {
    ByteViews.put(array(cell), begin(cell) + POSITION, position);
  }

  /** The position of a cell in a {@link DeadlineQueue}. */
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

  /** Removes its positions: what the orders still contain of it is stale. */
  private void free(int cell, int units) {
    if (units >= free.length) {
      free = Arrays.copyOf(free, units + 1);
    }
    setPosition(cell, UpdateOrder.NONE);
    setPlace(cell, free[units]);
    free[units] = cell;
  }

  /** A cell of units that were never used. */
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

  /** Grows the page of the next units as needed. */
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
