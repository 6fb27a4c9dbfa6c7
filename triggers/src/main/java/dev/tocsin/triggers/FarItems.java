package dev.tocsin.triggers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Items of a {@link TimeOrder} whose time is far off, in no order yet: a hierarchical timing wheel
 * (Varghese and Lauck, <i>Hashed and Hierarchical Timing Wheels</i>, SOSP 1987, scheme 7). Time is
 * counted in ticks of 16 ms, and a tick is written in digits of six bits. An item lies in the
 * bucket of the highest digit in which its tick differs from the current one, and of what that
 * digit is. So those that are nearest lie together; their bucket is spread over others once it
 * comes up, and none moves more often than a tick has digits.
 *
 * <p>To add an item is to write it behind others. To remove one touches nothing here: it is passed
 * over later, since its place is another one by then.
 */
final class FarItems {

  private static final int TICK_BITS = 14;
  private static final int DIGIT_BITS = 6;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int LEVELS = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;
  private static final int INDEX_BITS = 21;

  /** Most items of a bucket. */
  private static final int MOST = 1 << INDEX_BITS;

  /** So many that were removed may lie here, besides as many as were not. */
  private static final int FEW_REMOVED = 1_024;

  private final TimeOrder.Items items;

  /** The current tick: all ticks here are later. */
  private long current = Long.MIN_VALUE;

  /** Of each level a bit for each bucket that is not empty. */
  private final long[] occupied = new long[LEVELS];

  private @Nullable Bucket[] buckets = {};
  private int size;
  private int entries;

  FarItems(TimeOrder.Items items) {
    this.items = items;
  }

  /** Times and their items, in turn. */
  private static final class Bucket {

    private long[] pairs = new long[2 * 8];
    private int size;

    int add(int item, long time) {
      if (size * 2 == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * TimeOrder.grown(size));
      }
      pairs[size * 2] = time;
      pairs[size * 2 + 1] = item;
      return size++;
    }

    long time(int index) {
      return pairs[index * 2];
    }

    int item(int index) {
      return (int) pairs[index * 2 + 1];
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether a place is one here. */
  static boolean isPlace(int place) {
    return place < TimeOrder.NONE;
  }

  /** The time of the item at a place. */
  long time(int place) {
    Bucket bucket = buckets[number(place)];
    if (bucket == null) {
      throw new IllegalStateException("no item lies at " + place);
    }
    return bucket.time(index(place));
  }

  /** Takes an item in, if its tick is later than the current one and there is room for it. */
  boolean add(int item, long time) {
    long tick = time >> TICK_BITS;
    if (tick <= current) {
      return false;
    }
    int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ current)) / DIGIT_BITS;
    int digit = (int) (tick >> (level * DIGIT_BITS)) & (DIGITS - 1);
    int number = level * DIGITS + digit;
    Bucket bucket = bucket(number);
    if (bucket.size == MOST) {
      return false;
    }
    occupied[level] |= 1L << digit;
    items.setPlace(item, place(number, bucket.add(item, time)));
    size++;
    entries++;
    return true;
  }

  /** Makes the tick of a time the current one, where that is later; nothing may be here. */
  void skipTo(long time) {
    current = Math.max(current, time >> TICK_BITS);
  }

  /** Notes that an item that was here has another place now, or none. */
  void removed() {
    size--;
    if (entries > 2 * size + FEW_REMOVED) {
      dropRemoved();
    }
  }

  /** Hands out those of the nearest tick, which becomes the current one; there must be any. */
  void takeNearest(Taker taker) {
    for (boolean hasTaken = false; !hasTaken; ) {
      int number = nearest();
      Bucket bucket = bucket(number);
      buckets[number] = null;
      occupied[number / DIGITS] &= ~(1L << number);
      entries -= bucket.size;
      dropRemoved(number, bucket);
      size -= bucket.size;
      hasTaken = bucket.size > 0;
      spread(bucket, taker);
    }
  }

  /** Is given items. */
  interface Taker {
    void take(int item, long time);
  }

  /** Puts what is left of a bucket nearer, and hands out what is nearest. */
  private void spread(Bucket bucket, Taker taker) {
    long tick = Long.MAX_VALUE;
    for (int i = 0; i < bucket.size; i++) {
      tick = Math.min(tick, bucket.time(i) >> TICK_BITS);
    }
    if (bucket.size > 0) {
      current = tick;
    }
    for (int i = 0; i < bucket.size; i++) {
      if (!add(bucket.item(i), bucket.time(i))) {
        taker.take(bucket.item(i), bucket.time(i));
      }
    }
  }

  /** The bucket with what is nearest. */
  private int nearest() {
    int level = 0;
    while (occupied[level] == 0) {
      level++;
    }
    return level * DIGITS + Long.numberOfTrailingZeros(occupied[level]);
  }

  /** Leaves nothing but items that are here. */
  private void dropRemoved() {
    for (int number = 0; number < buckets.length; number++) {
      Bucket bucket = buckets[number];
      if (bucket != null) {
        entries -= bucket.size;
        dropRemoved(number, bucket);
        entries += bucket.size;
      }
    }
  }

  private void dropRemoved(int number, Bucket bucket) {
    int kept = 0;
    for (int i = 0; i < bucket.size; i++) {
      int item = bucket.item(i);
      if (items.place(item) == place(number, i)) {
        bucket.pairs[kept * 2] = bucket.time(i);
        bucket.pairs[kept * 2 + 1] = item;
        items.setPlace(item, place(number, kept++));
      }
    }
    bucket.size = kept;
  }

  private Bucket bucket(int number) {
    if (number >= buckets.length) {
      buckets = Arrays.copyOf(buckets, (number / DIGITS + 1) * DIGITS);
    }
    Bucket bucket = buckets[number];
    if (bucket == null) {
      bucket = new Bucket();
      buckets[number] = bucket;
    }
    return bucket;
  }

  private static int place(int number, int index) {
    return TimeOrder.NONE - 1 - (number << INDEX_BITS | index);
  }

  private static int number(int place) {
    return (TimeOrder.NONE - 1 - place) >>> INDEX_BITS;
  }

  private static int index(int place) {
    return (TimeOrder.NONE - 1 - place) & (MOST - 1);
  }
}
