package dev.tocsin.triggers;

/**
 * Finds the slot of a key: a hash table with open addressing, an entry of eight bytes for each
 * slot, its upper half the {@link PackedKey#hash}, its lower the slot and one.
 */
final class SlotTable {

  private static final int SMALLEST = 16;

  private final Keys keys;
  private long[] entries = new long[SMALLEST];
  private int size;

  /** Knows the key of each slot. */
  interface Keys {

    /** Whether it is the one that begins an array and ends at a place. */
    boolean isKey(int slot, byte[] key, int end);
  }

  SlotTable(Keys keys) {
    this.keys = keys;
  }

  /** The slot whose key is the one that begins an array and ends at a place, or -1. */
  int find(int hash, byte[] key, int end) {
    for (int at = home(hash); entries[at] != 0; at = after(at)) {
      if (hash(entries[at]) == hash && keys.isKey(slot(entries[at]), key, end)) {
        return slot(entries[at]);
      }
    }
    return -1;
  }

  /** Adds a slot whose key is not in it. */
  void add(int hash, int slot) {
    if (size + 1 > entries.length - entries.length / 4) {
      resize(entries.length + entries.length / 2);
    }
    insert((long) hash << 32 | (slot + 1));
    size++;
  }

  /** Removes a slot, and moves those up that it stood in the way of. */
  void remove(int hash, int slot) {
    int hole = home(hash);
    while (slot(entries[hole]) != slot) {
      hole = after(hole);
    }
    for (int at = after(hole); entries[at] != 0; at = after(at)) {
      if (distance(home(hash(entries[at])), at) >= distance(hole, at)) {
        entries[hole] = entries[at];
        hole = at;
      }
    }
    entries[hole] = 0;
    size--;
    if (entries.length > SMALLEST && size < entries.length / 6) {
      resize(Math.max(SMALLEST, entries.length / 3));
    }
  }

  private void resize(int capacity) {
    long[] before = entries;
    entries = new long[capacity];
    for (long entry : before) {
      if (entry != 0) {
        insert(entry);
      }
    }
  }

  private void insert(long entry) {
    int at = home(hash(entry));
    while (entries[at] != 0) {
      at = after(at);
    }
    entries[at] = entry;
  }

  private int home(int hash) {
    return (int) (((hash & 0xffffffffL) * entries.length) >>> 32);
  }

  private int after(int at) {
    return at + 1 == entries.length ? 0 : at + 1;
  }

  /** Steps from one place on to another. */
  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + entries.length;
  }

  private static int hash(long entry) {
    return (int) (entry >>> 32);
  }

  private static int slot(long entry) {
    return (int) entry - 1;
  }
}
