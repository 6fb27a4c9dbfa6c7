package dev.tocsin.triggers.keyed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The ids of recently evaluated events, each with the engine clock of its evaluation, in order. The
 * oldest are dropped beyond a number and an age. An id takes 128 bits, 24 bytes with its clock: a
 * UUID as it is, any other id as a fingerprint. The probability that two of a million ids collide
 * is below 1 in 10^26; a sender who causes a collision only makes its own event not wait.
 *
 * <p>Adding an id appends it to a ring. The hash table is filled at the first lookup, so that it
 * costs nothing if no event follows another.
 */
public final class EvaluatedIds {

  private static final int SMALLEST = 16;

  /** An entry of the ring: the two halves of an id, and the clock. */
  private static final int FIELDS = 3;

  private static final long FIRST_FACTOR = 0x9fb21c651e98df25L;
  private static final long SECOND_FACTOR = 0xc2b2ae3d27d4eb4fL;

  private final long memory;
  private int most;
  private final long seed;

  /** The entry of the first place stands at the start. */
  private long[] ring = new long[SMALLEST * FIELDS];

  private int start;
  private long first;
  private long end;

  /* The fingerprint taken last. */
  private long highOfText;
  private long lowOfText;

  /** By their bits, entries of the ring and one; 0 where there is none. */
  private int[] table = {};

  /** Places before this one are in the table. */
  private long filed;

  /**
   * Starts empty.
   *
   * @param memory how long an id is known, in microseconds
   * @param most the maximum number of ids
   * @param seed of the hash table
   */
  public EvaluatedIds(long memory, int most, long seed) {
    this.memory = memory;
    this.most = most;
    this.seed = seed;
  }

  /** Sets another maximum number of ids; the oldest beyond it are forgotten. */
  public void bound(int number) {
    boolean isLess = number < most;
    most = number;
    while (end - first > most) {
      dropFirst();
    }
    if (isLess) {
      resize();
    }
  }

  /** Whether an id is known at a time of the engine clock. */
  public boolean knows(EventId id, long clock) {
    if (first == end) {
      return false;
    }
    file();
    if (id.isUuid()) {
      return knows(id.high(), id.low(), clock);
    }
    fingerprint(id.text());
    return knows(highOfText, lowOfText, clock);
  }

  private boolean knows(long highHalf, long lowHalf, long clock) {
    int at = find(highHalf, lowHalf);
    return table[at] != 0 && !isOver(table[at] - 1, clock);
  }

  /** Adds an id as the newest. */
  public void add(EventId id, long clock) {
    if (id.isUuid()) {
      add(id.high(), id.low(), clock);
    } else {
      fingerprint(id.text());
      add(highOfText, lowOfText, clock);
    }
  }

  public void add(long highHalf, long lowHalf, long clock) {
    drop(clock);
    if (most == 0 || memory == 0) {
      return;
    }
    if (end - first == most) {
      dropFirst();
    }
    if (end - first == capacity()) {
      resize();
    }
    int at = entry(end++) * FIELDS;
    ring[at] = highHalf;
    ring[at + 1] = lowHalf;
    ring[at + 2] = clock;
  }

  /** The number of ids known at a time. */
  public int size(long clock) {
    drop(clock);
    return (int) (end - first);
  }

  private void drop(long clock) {
    while (first < end && isOver(start, clock)) {
      dropFirst();
    }
  }

  /** The place of the next id; places ascend. */
  public long end() {
    return end;
  }

  /** The ids at a place or later that are known at a time. */
  public Known since(long place, long clock) {
    drop(clock);
    return since(Math.max(first, place));
  }

  /** All ids, of any age. */
  public Known all() {
    return since(first);
  }

  private Known since(long place) {
    int count = (int) (end - place);
    long[] entries = new long[count * FIELDS];
    if (count > 0) {
      int from = entry(place);
      int upToEnd = Math.min(count, capacity() - from);
      System.arraycopy(ring, from * FIELDS, entries, 0, upToEnd * FIELDS);
      System.arraycopy(ring, 0, entries, upToEnd * FIELDS, (count - upToEnd) * FIELDS);
    }
    return new Known(entries);
  }

  /** Ids and the times of their evaluation, in order. Immutable. */
  public static final class Known {

    private final long[] entries;

    private Known(long[] entries) {
      this.entries = entries;
    }

    public int count() {
      return entries.length / FIELDS;
    }

    /** Writes one id with its time. */
    public void write(int index, StateWriter to) {
      int at = index * FIELDS;
      to.fixed(entries[at]);
      to.fixed(entries[at + 1]);
      to.near(entries[at + 2], 0);
    }
  }

  private boolean isOver(int entry, long clock) {
    return clock - ring[entry * FIELDS + 2] >= memory;
  }

  private void dropFirst() {
    if (first < filed) {
      int at = find(ring[start * FIELDS], ring[start * FIELDS + 1]);
      if (table[at] == start + 1) {
        delete(at);
      }
    }
    first++;
    filed = Math.max(filed, first);
    start = start + 1 == capacity() ? 0 : start + 1;
  }

  private int capacity() {
    return ring.length / FIELDS;
  }

  /** The ring entry of a place. */
  private int entry(long place) {
    int entry = start + (int) (place - first);
    return entry < capacity() ? entry : entry - capacity();
  }

  /** Gives the ring room for some more ids, and empties the table. */
  private void resize() {
    Known known = all();
    long room = known.count() + known.count() / 4 + (long) SMALLEST;
    ring = Arrays.copyOf(known.entries, (int) Math.min(room, most) * FIELDS);
    start = 0;
    filed = first;
    table = new int[0];
  }

  /** Adds new ids to the table; for a repeated id the last evaluation counts. */
  private void file() {
    if (table.length == 0) {
      table = new int[capacity() + capacity() / 2 + 1];
    }
    for (; filed < end; filed++) {
      int entry = entry(filed);
      table[find(ring[entry * FIELDS], ring[entry * FIELDS + 1])] = entry + 1;
    }
  }

  /** Eight bytes at a time into two halves that depend on each other. */
  private void fingerprint(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    long one = FIRST_FACTOR ^ bytes.length;
    long other = SECOND_FACTOR + bytes.length;
    for (int at = 0; at < bytes.length; at += Long.BYTES) {
      long eight = ByteViews.eightOfRest(bytes, 0, at, bytes.length);
      one = Long.rotateLeft((one ^ eight) * FIRST_FACTOR, 31) + other;
      other = Long.rotateLeft((other ^ eight) * SECOND_FACTOR, 29) + one;
    }
    highOfText = PackedKey.mixed(one);
    lowOfText = PackedKey.mixed(other + one);
  }

  /** The table slot of an id, or the empty slot for it. */
  private int find(long highHalf, long lowHalf) {
    int at = home(highHalf, lowHalf);
    while (table[at] != 0 && !is(table[at] - 1, highHalf, lowHalf)) {
      at = after(at);
    }
    return at;
  }

  private boolean is(int entry, long highHalf, long lowHalf) {
    return ring[entry * FIELDS] == highHalf && ring[entry * FIELDS + 1] == lowHalf;
  }

  /** Empties a slot of the table, and closes the gap. */
  private void delete(int from) {
    int hole = from;
    for (int at = after(hole); table[at] != 0; at = after(at)) {
      int moved = (table[at] - 1) * FIELDS;
      if (distance(home(ring[moved], ring[moved + 1]), at) >= distance(hole, at)) {
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
