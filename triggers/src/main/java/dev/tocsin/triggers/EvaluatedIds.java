package dev.tocsin.triggers;

import java.util.Arrays;

/**
 * The ids of the events last evaluated, each with the engine clock of then, in that order: the
 * oldest are dropped past a number and an age. An id is kept as a fingerprint of 128 bits, 24 bytes
 * with its clock. That two of a million ids have the same one by chance is less likely than 1 in
 * 10^26; a sender who makes one on purpose gains that an event of its own does not wait.
 */
final class EvaluatedIds {

  private static final int SMALLEST = 16;
  private static final long DEAD = Long.MIN_VALUE;
  private static final long FIRST_FACTOR = 0x9fb21c651e98df25L;
  private static final long SECOND_FACTOR = 0xc2b2ae3d27d4eb4fL;

  private final long memory;
  private final int most;
  private final long seed;

  /* A ring: the entry of the first place stands at the start. */
  private long[] high = new long[SMALLEST];
  private long[] low = new long[SMALLEST];
  private long[] clocks = new long[SMALLEST];
  private int start;
  private long first;
  private long end;
  private int dead;

  /* The fingerprint taken last. */
  private long highOfId;
  private long lowOfId;

  /** Places in the ring and one, by fingerprint; 0 where there is none. */
  private int[] table = new int[2 * SMALLEST];

  /**
   * None.
   *
   * @param memory how long one is known
   * @param most how many are known
   * @param seed of the places in the table
   */
  EvaluatedIds(long memory, int most, long seed) {
    this.memory = memory;
    this.most = most;
    this.seed = seed;
  }

  /** Whether an id is known at a time of the engine clock. */
  boolean knows(String id, long clock) {
    fingerprint(id);
    int at = find(highOfId, lowOfId);
    return table[at] != 0 && clock - clocks[table[at] - 1] < memory;
  }

  /** Makes an id the one known last. */
  void add(String id, long clock) {
    if (most > 0 && memory > 0) {
      fingerprint(id);
      add(highOfId, lowOfId, clock);
    }
  }

  void add(long highHalf, long lowHalf, long clock) {
    int at = find(highHalf, lowHalf);
    if (table[at] != 0) {
      clocks[table[at] - 1] = DEAD;
      dead++;
      delete(at);
    }
    if (end - first == clocks.length) {
      renew();
    }
    int index = index(end++);
    high[index] = highHalf;
    low[index] = lowHalf;
    clocks[index] = clock;
    table[find(highHalf, lowHalf)] = index + 1;
    drop(clock);
  }

  /** How many are known at a time. */
  int size(long clock) {
    drop(clock);
    return held();
  }

  private int held() {
    return (int) (end - first) - dead;
  }

  private void drop(long clock) {
    while (first < end && (held() > most || isOver(clocks[start], clock))) {
      dropFirst();
    }
  }

  /** The place that the next one gets: places ascend. */
  long end() {
    return end;
  }

  /** Those at a place or later that are known at a time. */
  Known since(long place, long clock) {
    long from = Math.max(first, place);
    Known known = new Known((int) (end - from));
    for (long each = from; each < end; each++) {
      int index = index(each);
      if (!isOver(clocks[index], clock)) {
        known.add(high[index], low[index], clocks[index]);
      }
    }
    return known;
  }

  /** Ids and when they were evaluated, in that order. Does not change once it is given out. */
  static final class Known {

    private final long[] high;
    private final long[] low;
    private final long[] clocks;
    private int count;

    private Known(int room) {
      high = new long[room];
      low = new long[room];
      clocks = new long[room];
    }

    private void add(long highHalf, long lowHalf, long clock) {
      high[count] = highHalf;
      low[count] = lowHalf;
      clocks[count++] = clock;
    }

    int count() {
      return count;
    }

    /** Writes one. */
    void write(int index, StateWriter to) {
      to.fixed(high[index]);
      to.fixed(low[index]);
      to.near(clocks[index], 0);
    }
  }

  /** All, however old. */
  Known all() {
    return since(first, Long.MIN_VALUE / 2);
  }

  private boolean isOver(long at, long clock) {
    return at == DEAD || clock - at >= memory;
  }

  private void dropFirst() {
    if (clocks[start] == DEAD) {
      dead--;
    } else {
      delete(find(high[start], low[start]));
    }
    first++;
    start = start + 1 == clocks.length ? 0 : start + 1;
  }

  private int index(long place) {
    int index = start + (int) (place - first);
    return index < clocks.length ? index : index - clocks.length;
  }

  /** Makes room for more, and leaves out those that were evaluated again. */
  private void renew() {
    Known known = all();
    int count = known.count;
    int capacity = count + count / 4 + SMALLEST;
    high = Arrays.copyOf(known.high, capacity);
    low = Arrays.copyOf(known.low, capacity);
    clocks = Arrays.copyOf(known.clocks, capacity);
    start = 0;
    first = end - count;
    dead = 0;
    table = new int[capacity + capacity / 2];
    for (int index = 0; index < count; index++) {
      table[find(high[index], low[index])] = index + 1;
    }
  }

  /** Four characters at a time into two halves that depend on each other. */
  private void fingerprint(String id) {
    int length = id.length();
    long one = FIRST_FACTOR ^ length;
    long other = SECOND_FACTOR + length;
    for (int at = 0; at < length; at += 4) {
      long four = 0;
      for (int i = at; i < Math.min(at + 4, length); i++) {
        four = four << 16 | id.charAt(i);
      }
      one = Long.rotateLeft((one ^ four) * FIRST_FACTOR, 31) + other;
      other = Long.rotateLeft((other ^ four) * SECOND_FACTOR, 29) + one;
    }
    highOfId = PackedKey.mixed(one);
    lowOfId = PackedKey.mixed(other + one);
  }

  /** Where a fingerprint stands in the table, or the empty place where it would. */
  private int find(long highHalf, long lowHalf) {
    int at = home(highHalf, lowHalf);
    while (table[at] != 0 && (low[table[at] - 1] != lowHalf || high[table[at] - 1] != highHalf)) {
      at = after(at);
    }
    return at;
  }

  /** Empties a place of the table, and moves those up that it stood in the way of. */
  private void delete(int from) {
    int hole = from;
    for (int at = after(hole); table[at] != 0; at = after(at)) {
      if (distance(home(high[table[at] - 1], low[table[at] - 1]), at) >= distance(hole, at)) {
        table[hole] = table[at];
        hole = at;
      }
    }
    table[hole] = 0;
  }

  private int home(long highHalf, long lowHalf) {
    long hash = PackedKey.mixed(highHalf ^ PackedKey.mixed(lowHalf ^ seed));
    return (int) (((hash >>> 32) * table.length) >>> 32);
  }

  private int after(int at) {
    return at + 1 == table.length ? 0 : at + 1;
  }

  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + table.length;
  }
}
