package dev.tocsin.triggers.keyed;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A priority queue of numbered items by time. Near items are in a heap of arity four in one flat
 * array: to set or remove one of n takes O(log n). Beyond a few items, the others are in a {@link
 * TimingWheel}, in constant time; its next items move to the heap once that is empty.
 */
public final class DeadlineQueue {

  /** In place of a place: the item is not in the queue. */
  static final int NONE = -1;

  private static final int CHILDREN = 4;
  private static final int SMALLEST = 8;

  /** Up to this size all items are in the heap. */
  private static final int FEW = 64;

  private final Items items;

  /** Null until there are more than a few items. */
  private @Nullable TimingWheel far;

  /** Whether the heap may contain items that are distant enough for the wheel. */
  private boolean isMixed;

  /** Per place, a time and its item. */
  private long[] heap = new long[2 * SMALLEST];

  private int size;
  private int firsts;

  /** The items of a queue. */
  interface Items {

    /** The place last set for an item, any number; {@link #NONE} at first. */
    int place(int item);

    void setPlace(int item, int place);

    /** Orders items with equal times. */
    boolean isBefore(int item, int other);
  }

  /** Items numbered from 0 with few gaps. */
  public abstract static class Numbered implements Items {

    private int[] places = {};

    @Override
    public final int place(int item) {
      return item < places.length ? places[item] : NONE;
    }

    @Override
    public final void setPlace(int item, int place) {
      if (item >= places.length) {
        int before = places.length;
        places = Arrays.copyOf(places, Math.max(grown(before), item + 1));
        Arrays.fill(places, before, places.length, NONE);
      }
      places[item] = place;
    }
  }

  public DeadlineQueue(Items items) {
    this.items = items;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The item with the earliest time; there must be one. */
  public int first() {
    return item(0);
  }

  /** The earliest time; there must be one. */
  public long firstTime() {
    return time(0);
  }

  /** A counter that changes whenever the first item or its time may have changed. */
  int firsts() {
    return firsts;
  }

  boolean holds(int item) {
    return items.place(item) != NONE;
  }

  /** The time of an item that is held. */
  long timeOf(int item) {
    int place = items.place(item);
    return TimingWheel.isPlace(place) ? far().time(place) : time(place);
  }

  /** Adds an item, or updates its time or its order among equal times. */
  public void set(int item, long time) {
    takeOut(item);
    if (size < FEW && isNoneFar()) {
      isMixed = true;
      addNear(item, time);
      return;
    }
    if (isMixed) {
      divide();
    }
    if (!far().add(item, time)) {
      addNear(item, time);
    }
    refill();
  }

  /** Moves distant items from the heap to the wheel. */
  private void divide() {
    isMixed = false;
    far().startAt(firstTime());
    long[] all = Arrays.copyOf(heap, 2 * size);
    size = 0;
    for (int i = 0; i < all.length; i += 2) {
      int item = (int) all[i + 1];
      items.setPlace(item, NONE);
      if (!far().add(item, all[i])) {
        addNear(item, all[i]);
      }
    }
  }

  public void remove(int item) {
    takeOut(item);
    refill();
  }

  /** Changes the number of an item in the queue; the new number must not be in it. */
  void renumber(int item, int other) {
    int place = items.place(item);
    items.setPlace(item, NONE);
    items.setPlace(other, place);
    if (TimingWheel.isPlace(place)) {
      far().renumber(place, other);
    } else {
      heap[place * 2 + 1] = other;
    }
  }

  private void takeOut(int item) {
    int place = items.place(item);
    if (place == NONE) {
      return;
    }
    items.setPlace(item, NONE);
    if (TimingWheel.isPlace(place)) {
      far().removed();
      return;
    }
    size--;
    if (size == 0) {
      firsts++;
    }
    if (place < size) {
      settle(place, time(size), item(size));
    }
    if (size < heap.length / 8 && heap.length > 2 * SMALLEST) {
      heap = Arrays.copyOf(heap, heap.length / 4 * 2);
    }
  }

  private void addNear(int item, long time) {
    if (size * 2 == heap.length) {
      heap = Arrays.copyOf(heap, 2 * grown(size));
    }
    size++;
    settle(size - 1, time, item);
  }

  private void refill() {
    if (size == 0 && !isNoneFar()) {
      far().takeNearest(this::addNear);
    }
  }

  private boolean isNoneFar() {
    return far == null || far.isEmpty();
  }

  private TimingWheel far() {
    TimingWheel known = far;
    if (known == null) {
      known = new TimingWheel(items);
      far = known;
    }
    return known;
  }

  /** The capacity to grow to: a quarter more. */
  public static int grown(int size) {
    return size + size / 4 + SMALLEST;
  }

  private long time(int place) {
    return heap[place * 2];
  }

  private int item(int place) {
    return (int) heap[place * 2 + 1];
  }

  private void put(int place, long time, int item) {
    if (place == 0) {
      firsts++;
    }
    heap[place * 2] = time;
    heap[place * 2 + 1] = item;
    items.setPlace(item, place);
  }

  private boolean isBefore(long time, int item, int place) {
    long other = time(place);
    return time < other || (time == other && items.isBefore(item, item(place)));
  }

  /** Inserts an item at a free place, or above or below it. */
  private void settle(int free, long time, int item) {
    int place = free;
    while (place > 0) {
      int parent = (place - 1) / CHILDREN;
      if (!isBefore(time, item, parent)) {
        break;
      }
      put(place, time(parent), item(parent));
      place = parent;
    }
    if (place == free) {
      place = sunk(place, time, item);
    }
    put(place, time, item);
  }

  /** Moves up items that precede this one below a place; returns the place that is then free. */
  private int sunk(int free, long time, int item) {
    int place = free;
    for (int first = place * CHILDREN + 1; first < size; first = place * CHILDREN + 1) {
      int least = first;
      for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++) {
        if (isBefore(time(child), item(child), least)) {
          least = child;
        }
      }
      if (isBefore(time, item, least)) {
        break;
      }
      put(place, time(least), item(least));
      place = least;
    }
    return place;
  }
}
