package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * Items, each a small number with a time, of which the one with the earliest time is at hand. A
 * heap of four children a place, in flat arrays: to set or remove one of n takes log n steps.
 */
final class TimeOrder {

  private static final int CHILDREN = 4;
  private static final int SMALLEST = 8;
  private static final int NONE = -1;

  private final Ties ties;
  private long[] times = new long[SMALLEST];
  private int[] items = new int[SMALLEST];
  private int[] places = new int[0];
  private int size;

  /** Decides between items of the same time. */
  interface Ties {
    boolean isBefore(int item, int other);
  }

  TimeOrder(Ties ties) {
    this.ties = ties;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The item with the earliest time; there must be one. */
  int first() {
    return items[0];
  }

  /** The earliest time; there must be one. */
  long firstTime() {
    return times[0];
  }

  boolean holds(int item) {
    return item < places.length && places[item] != NONE;
  }

  /** The time of an item that is held. */
  long time(int item) {
    return times[places[item]];
  }

  /** Gives an item a time, or another; also says that what decides between equals has changed. */
  void set(int item, long time) {
    if (!holds(item)) {
      add(item, time);
      return;
    }
    int place = places[item];
    times[place] = time;
    if (!rises(place)) {
      sink(place, time, item);
    }
  }

  void remove(int item) {
    if (!holds(item)) {
      return;
    }
    int place = places[item];
    places[item] = NONE;
    size--;
    if (place < size) {
      put(place, times[size], items[size]);
      if (!rises(place)) {
        sink(place, times[place], items[place]);
      }
    }
    if (size < times.length / 4 && times.length > SMALLEST) {
      resize(times.length / 2);
    }
  }

  void clear() {
    times = new long[SMALLEST];
    items = new int[SMALLEST];
    places = new int[0];
    size = 0;
  }

  private void add(int item, long time) {
    if (size == times.length) {
      resize(grown(size));
    }
    if (item >= places.length) {
      int before = places.length;
      places = Arrays.copyOf(places, Math.max(grown(before), item + 1));
      Arrays.fill(places, before, places.length, NONE);
    }
    put(size, time, item);
    size++;
    rises(size - 1);
  }

  /** A quarter more: an array is seldom copied, and little of it lies idle. */
  static int grown(int size) {
    return size + size / 4 + SMALLEST;
  }

  private void resize(int capacity) {
    times = Arrays.copyOf(times, capacity);
    items = Arrays.copyOf(items, capacity);
  }

  private void put(int place, long time, int item) {
    times[place] = time;
    items[place] = item;
    places[item] = place;
  }

  private boolean isBefore(long time, int item, int place) {
    return time < times[place] || (time == times[place] && ties.isBefore(item, items[place]));
  }

  /** Moves what is at a place up to where it belongs; says whether it moved. */
  private boolean rises(int from) {
    long time = times[from];
    int item = items[from];
    int place = from;
    while (place > 0) {
      int parent = (place - 1) / CHILDREN;
      if (!isBefore(time, item, parent)) {
        break;
      }
      put(place, times[parent], items[parent]);
      place = parent;
    }
    if (place == from) {
      return false;
    }
    put(place, time, item);
    return true;
  }

  private void sink(int from, long time, int item) {
    int place = from;
    for (int first = place * CHILDREN + 1; first < size; first = place * CHILDREN + 1) {
      int least = first;
      for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
        if (isBefore(times[child], items[child], least)) {
          least = child;
        }
      }
      if (!isBefore(times[least], items[least], time, item)) {
        break;
      }
      put(place, times[least], items[least]);
      place = least;
    }
    put(place, time, item);
  }

  private boolean isBefore(long time, int item, long otherTime, int other) {
    return time < otherTime || (time == otherTime && ties.isBefore(item, other));
  }
}
