package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * Short runs of bytes, each in a cell of a few large pages: so that what is held of a key is no
 * object of its own, which costs a header, a reference, and work whenever memory is collected. A
 * cell is of one to sixteen units; its first octet is the length of what it holds. What is freed is
 * used again for what takes as many units (Bonwick, <i>The Slab Allocator</i>, USENIX 1994, without
 * giving slabs back: {@link #areSparse} says when to begin anew).
 */
final class Cells {

  /** Most bytes of a cell. */
  static final int LONGEST = 255;

  /** In the place of an address: there is no cell. */
  static final int NONE = 0;

  private static final int UNIT = 16;
  private static final int MOST_UNITS = (LONGEST + UNIT) / UNIT;
  private static final int PAGE_BITS = 11;
  private static final int PAGE_UNITS = 1 << PAGE_BITS;
  private static final int SMALLEST_PAGE_UNITS = 8;

  /** The first page grows until it is as long as every other. */
  private byte[][] pages = new byte[1][0];

  /** Of each number of units the cell freed last, which begins with the one freed before. */
  private final int[] free = new int[MOST_UNITS + 1];

  /** The first unit that was never part of a cell; the one at 0 never is. */
  private int next = 1;

  private int used;

  /**
   * Puts so many bytes of an array, at most {@value #LONGEST}, from a place on, into a cell.
   * Returns its address; {@link #NONE} where 32 GiB are taken.
   */
  int put(byte[] array, int from, int length) {
    int units = units(length);
    int address = take(units);
    if (address != NONE) {
      used += units;
      byte[] page = array(address);
      page[from(address) - 1] = (byte) length;
      System.arraycopy(array, from, page, from(address), length);
    }
    return address;
  }

  /** Frees a cell. */
  void remove(int address) {
    int units = units(length(address));
    used -= units;
    release(address, units);
  }

  /** The array that a cell is part of; it changes with every call that changes anything. */
  byte[] array(int address) {
    return pages[address >>> PAGE_BITS];
  }

  /** Where in its array that begins which a cell holds. */
  static int from(int address) {
    return (address & (PAGE_UNITS - 1)) * UNIT + 1;
  }

  /** How many bytes a cell holds. */
  int length(int address) {
    return array(address)[from(address) - 1] & 0xff;
  }

  /** Whether most of what is taken from the heap is free. */
  boolean areSparse() {
    return next > PAGE_UNITS && used < next / 4;
  }

  private static int units(int length) {
    return (length + UNIT) / UNIT;
  }

  private int take(int units) {
    int address = free[units];
    if (address == NONE) {
      return carve(units);
    }
    free[units] = (int) Octets.eight(array(address), from(address) - 1);
    return address;
  }

  private void release(int address, int units) {
    Octets.put(array(address), from(address) - 1, free[units]);
    free[units] = address;
  }

  /** A cell of units that were never part of one. */
  private int carve(int units) {
    int left = PAGE_UNITS - (next & (PAGE_UNITS - 1));
    if (left < units) {
      require(left);
      release(next, left);
      next += left;
    }
    if (next > Integer.MAX_VALUE - PAGE_UNITS) {
      return NONE;
    }
    require(units);
    int address = next;
    next += units;
    return address;
  }

  /** Makes the page of the next units long enough. */
  private void require(int units) {
    int page = next >>> PAGE_BITS;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page + page / 4 + 1);
    }
    byte[] bytes = pages[page];
    int end = ((next & (PAGE_UNITS - 1)) + units) * UNIT;
    if (bytes == null) {
      pages[page] = new byte[PAGE_UNITS * UNIT];
    } else if (bytes.length < end) {
      int longer = Math.max(Math.max(bytes.length * 2, SMALLEST_PAGE_UNITS * UNIT), end);
      pages[page] = Arrays.copyOf(bytes, Math.min(longer, PAGE_UNITS * UNIT));
    }
  }
}
