package dev.tocsin.triggers.keyed;

import java.util.Arrays;

/**
 * The distant items of a {@link DeadlineQueue}, unordered: a hierarchical timing wheel (Varghese
 * and Lauck, <i>Hashed and Hierarchical Timing Wheels</i>, SOSP 1987, scheme 7). A tick is 16 ms
 * and is written in digits of six bits. An item is in the bucket of the highest digit in which its
 * tick differs from the current tick, and of the value of that digit. When a bucket is next, its
 * items move to lower levels; an item moves at most once per digit.
 *
 * <p>Adding an item appends it. Removing one changes nothing here: its entry is skipped later,
 * since the item no longer refers to it.
 */
final class TimingWheel {

  private static final int TICK_BITS = 14;
  private static final int DIGIT_BITS = 6;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int LEVELS = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;

  /** Entries of a chunk: pairs of time and item, followed by the number of the next chunk. */
  private static final int ENTRIES_BITS = 4;

  private static final int ENTRIES = 1 << ENTRIES_BITS;
  private static final int NEXT = 2 * ENTRIES;

  /** Removed entries are dropped once they outnumber the others by this. */
  private static final int MAX_REMOVED = 1_024;

  private static final int NONE = -1;

  private final DeadlineQueue.Items items;

  /** The current tick: all ticks here are later. */
  private long current;

  /** Per level, a bit for each bucket that is not empty. */
  private final long[] occupied = new long[LEVELS];

  /** Per bucket, its newest chunk, and the number of entries in it. */
  private int[] heads = {};

  private int[] taken = {};
  private long[][] chunks = {};
  private int chunkCount;
  private int freeChunk = NONE;
  private int size;
  private int entries;

  TimingWheel(DeadlineQueue.Items items) {
    this.items = items;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether a place is in this wheel. */
  static boolean isPlace(int place) {
    return place < DeadlineQueue.NONE;
  }

  /** The time of the item at a place. */
  long time(int place) {
    int entry = place(place);
    return chunks[entry >>> ENTRIES_BITS][2 * (entry & (ENTRIES - 1))];
  }

  /** Changes the number of the item at a place. */
  void renumber(int place, int item) {
    int entry = place(place);
    chunks[entry >>> ENTRIES_BITS][2 * (entry & (ENTRIES - 1)) + 1] = item;
  }

  /** Sets the current tick; the wheel must be empty. */
  void startAt(long time) {
    current = time >> TICK_BITS;
  }

  /** Adds an item if its tick is later than the current one; returns whether it did. */
  boolean add(int item, long time) {
    long tick = time >> TICK_BITS;
    if (tick <= current) {
      return false;
    }
    int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(tick ^ current)) / DIGIT_BITS;
    int digit = (int) (tick >> (level * DIGIT_BITS)) & (DIGITS - 1);
    occupied[level] |= 1L << digit;
    int bucket = level * DIGITS + digit;
    if (bucket >= heads.length) {
      growTo(bucket);
    }
    if (heads[bucket] == NONE || taken[bucket] == ENTRIES) {
      heads[bucket] = takeChunk(heads[bucket]);
      taken[bucket] = 0;
    }
    int at = taken[bucket]++;
    long[] chunk = chunks[heads[bucket]];
    chunk[2 * at] = time;
    chunk[2 * at + 1] = item;
    items.setPlace(item, place(heads[bucket] << ENTRIES_BITS | at));
    size++;
    entries++;
    return true;
  }

  /** Counts an item that left: its place is another now, or none. */
  void removed() {
    size--;
    if (entries > 2 * size + MAX_REMOVED) {
      dropRemoved();
    }
  }

  /** Receives items. */
  interface Taker {
    void take(int item, long time);
  }

  /** Removes the items of the next tick, which becomes current; the wheel must not be empty. */
  void takeNearest(Taker taker) {
    int left = size;
    while (size == left) {
      int bucket = nearest();
      int chunk = heads[bucket];
      int length = taken[bucket];
      heads[bucket] = NONE;
      occupied[bucket / DIGITS] &= ~(1L << bucket);
      current = Math.max(current, earliest(chunk, length));
      spread(chunk, length, taker);
    }
  }

  /** The first tick of a bucket, or the current one if all its items were removed. */
  private long earliest(int first, int length) {
    long earliest = Long.MAX_VALUE;
    int end = length;
    for (int chunk = first; chunk != NONE; chunk = next(chunk)) {
      for (int at = 0; at < end; at++) {
        if (isHere(chunk, at)) {
          earliest = Math.min(earliest, chunks[chunk][2 * at] >> TICK_BITS);
        }
      }
      end = ENTRIES;
    }
    return earliest == Long.MAX_VALUE ? current : earliest;
  }

  /** Moves the items of a bucket to lower levels, and hands out those of the current tick. */
  private void spread(int first, int length, Taker taker) {
    int end = length;
    for (int chunk = first; chunk != NONE; ) {
      for (int at = 0; at < end; at++) {
        if (isHere(chunk, at)) {
          long time = chunks[chunk][2 * at];
          int item = item(chunk, at);
          size--;
          if (!add(item, time)) {
            taker.take(item, time);
          }
        }
      }
      entries -= end;
      end = ENTRIES;
      chunk = releaseChunk(chunk);
    }
  }

  /** The bucket of the next items. */
  private int nearest() {
    int level = 0;
    while (occupied[level] == 0) {
      level++;
    }
    return level * DIGITS + Long.numberOfTrailingZeros(occupied[level]);
  }

  /** Rebuilds the wheel without removed entries. */
  private void dropRemoved() {
    long[] here = new long[2 * size];
    int count = 0;
    for (int bucket = 0; bucket < heads.length; bucket++) {
      int end = taken[bucket];
      for (int chunk = heads[bucket]; chunk != NONE; chunk = next(chunk)) {
        for (int at = 0; at < end; at++) {
          if (isHere(chunk, at)) {
            here[count++] = chunks[chunk][2 * at];
            here[count++] = item(chunk, at);
          }
        }
        end = ENTRIES;
      }
    }
    empty();
    for (int i = 0; i < count; i += 2) {
      add((int) here[i + 1], here[i]);
    }
  }

  private void empty() {
    Arrays.fill(occupied, 0);
    Arrays.fill(heads, NONE);
    chunks = new long[0][];
    chunkCount = 0;
    freeChunk = NONE;
    size = 0;
    entries = 0;
  }

  private boolean isHere(int chunk, int at) {
    return items.place(item(chunk, at)) == place(chunk << ENTRIES_BITS | at);
  }

  private int item(int chunk, int at) {
    return (int) chunks[chunk][2 * at + 1];
  }

  private int next(int chunk) {
    return (int) chunks[chunk][NEXT];
  }

  private int takeChunk(int next) {
    int chunk = freeChunk;
    if (chunk != NONE) {
      freeChunk = next(chunk);
    } else {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, DeadlineQueue.grown(chunkCount));
      }
      chunk = chunkCount++;
      chunks[chunk] = new long[2 * ENTRIES + 1];
    }
    chunks[chunk][NEXT] = next;
    return chunk;
  }

  /** Frees a chunk; returns the next one. */
  private int releaseChunk(int chunk) {
    int next = next(chunk);
    chunks[chunk][NEXT] = freeChunk;
    freeChunk = chunk;
    return next;
  }

  private void growTo(int bucket) {
    int before = heads.length;
    int length = (bucket / DIGITS + 1) * DIGITS;
    heads = Arrays.copyOf(heads, length);
    taken = Arrays.copyOf(taken, length);
    Arrays.fill(heads, before, length, NONE);
  }

  /** Converts an entry to its place, and back. */
  private static int place(int entry) {
    return DeadlineQueue.NONE - 1 - entry;
  }
}
