package dev.tocsin.triggers.keyed;

/**
 * Finds the cell of a key: a hash table with open addressing. An entry has eight bytes: the {@link
 * PackedKey#hash} in the upper half, the cell in the lower.
 */
final class KeyTable {

  private static final int SMALLEST = 16;

  private final Keys keys;
  private long[] entries = new long[SMALLEST];
  private int size;

  /** Knows the key of each cell. */
  interface Keys {

    /** Whether the key of a cell equals the first {@code end} bytes of an array. */
    boolean isKey(int cell, byte[] key, int end);
  }

  KeyTable(Keys keys) {
    this.keys = keys;
  }

  /**
   * The cell whose key equals the first {@code end} bytes of an array, or {@link SlabPages#NONE}.
   */
  int find(int hash, byte[] key, int end) {
    for (int at = home(hash); entries[at] != 0; at = after(at)) {
      if (hash(entries[at]) == hash && keys.isKey(cell(entries[at]), key, end)) {
        return cell(entries[at]);
      }
    }
    return SlabPages.NONE;
  }

  /** Adds a cell; its key must not be in the table. */
  void add(int hash, int cell) {
    if (size + 1 > entries.length - entries.length / 4) {
      resize(entries.length + entries.length / 2);
    }
    insert(entry(hash, cell));
    size++;
  }

  /** Replaces a cell by another with the same key. */
  void replace(int hash, int cell, int other) {
    entries[place(hash, cell)] = entry(hash, other);
  }

  /** Removes a cell, and closes the gap. */
  void remove(int hash, int cell) {
    int hole = place(hash, cell);
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

  private int place(int hash, int cell) {
    int at = home(hash);
    while (cell(entries[at]) != cell) {
      at = after(at);
    }
    return at;
  }

  private int home(int hash) {
    return (int) (((hash & 0xffffffffL) * entries.length) >>> 32);
  }

  private int after(int at) {
    return at + 1 == entries.length ? 0 : at + 1;
  }

  /** The number of steps from one place to another. */
  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + entries.length;
  }

  private static int hash(long entry) {
    return (int) (entry >>> 32);
  }

  private static int cell(long entry) {
    return (int) entry;
  }

  private static long entry(int hash, int cell) {
    return (long) hash << 32 | cell;
  }
}
