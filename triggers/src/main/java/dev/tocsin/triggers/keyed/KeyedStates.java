package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The states of the keys of one trigger, bounded to {@code maxKeys} keys and to 256 bytes × {@code
 * maxKeys} (at least 16 MiB, at most about 4 GiB): beyond that, the least recently updated key is
 * evicted. Keys and states are held as the bytes that a checkpoint stores, each in a {@linkplain
 * SlabPages cell}; flat arrays hold the order of updates and the times. So a million keys are a few
 * thousand arrays, and no objects.
 *
 * <p>A {@link Schedule} says what time does to a state: it lapses, or it is due.
 *
 * @param <S> the state of a key
 */
public final class KeyedStates<S> {

  private static final int NONE = SlabPages.NONE;
  private static final long BYTES_PER_KEY = 256;
  private static final long MIN_BYTES = 16 << 20;

  /** What a key takes besides its own bytes: header, table, order and schedule. */
  private static final int BYTES_BESIDE = 48;

  private final int maxKeys;
  private final long maxBytes;
  private final long seed;
  private final StateCodec<S> codec;
  private final Schedule<S> schedule;

  private CellStore<S> contents;
  private SlabPages pages;
  private KeyTable table;
  private UpdateOrder order;

  /** Changes with every state, so that a {@link Slot} knows whether it is current. */
  private int version;

  /** Cells whose key was handed over. */
  private BitSet stored = new BitSet();

  /** Keys that were handed over and are gone since. */
  private final List<byte[]> gone = new ArrayList<>();

  private boolean isCleared;

  private StateBudget budget = new StateBudget(Long.MAX_VALUE);
  private long charged;

  private KeyedStates(int maxKeys, long seed, Schedule<S> schedule) {
    this.maxKeys = maxKeys;
    this.maxBytes = Math.max(MIN_BYTES, maxKeys * BYTES_PER_KEY);
    this.seed = seed;
    this.schedule = schedule;
    this.contents = schedule.contents();
    this.codec = contents.codec();
    this.pages = contents.pages();
    this.table = new KeyTable(contents::isKey);
    this.order = new UpdateOrder(pages);
  }

  /**
   * States that lapse: from then on a state is treated as absent.
   *
   * @param seed of the hash table
   * @param lapses when a state lapses, {@link dev.tocsin.triggers.Micros#NEVER} if never
   */
  public static <S> KeyedStates<S> lapsing(
      int maxKeys, long seed, StateCodec<S> codec, ToLongFunction<S> lapses) {
    return new KeyedStates<>(maxKeys, seed, new LapseSchedule<>(codec, lapses));
  }

  /**
   * States that are due, and stay until they are evaluated.
   *
   * @param seed of the hash table
   * @param schedule a new one, which from now on is kept up to date with the states
   */
  public static <S> KeyedStates<S> due(int maxKeys, long seed, DueSchedule<S> schedule) {
    return new KeyedStates<>(maxKeys, seed, schedule);
  }

  /** From now on the bytes of these states count there. There must be none yet. */
  public void chargeTo(StateBudget shared) {
    budget = shared;
  }

  /**
   * The memory that the keys and states take, lapsed ones included: roughly, and the same on all
   * hosts.
   */
  public long bytes() {
    return contents.bytes() + (long) BYTES_BESIDE * size();
  }

  private void charge() {
    long now = bytes();
    budget.charge(now - charged);
    charged = now;
  }

  /** The slot of a key, whether or not it has a state. */
  public Slot<S> slot(BucketingKey key) {
    byte[] packed = PackedKey.of(key);
    int hash = PackedKey.hash(packed, 0, packed.length, seed);
    return new Slot<>(key, packed, hash, table.find(hash, packed, packed.length), version);
  }

  /** The slot of the key that is due first; there must be one. */
  public Slot<S> first() {
    int cell = schedule.times().first();
    byte[] packed = contents.packedKey(cell);
    return new Slot<>(key(packed), packed, contents.hash(cell, seed), cell, version);
  }

  /** The state of a key, or null if it has none or its state has lapsed. */
  public @Nullable S get(Slot<S> slot, long clock) {
    int cell = cell(slot);
    if (cell == NONE) {
      return null;
    }
    S state = slot.state();
    if (state == null) {
      state = contents.state(cell);
      slot.setState(state);
    }
    return schedule.hasLapsed(state, clock) ? null : state;
  }

  /** Removes the state of a key, if it has one. */
  public void remove(Slot<S> slot) {
    int cell = cell(slot);
    if (cell != NONE) {
      remove(cell, slot.hash());
      slot.update(NONE, version, null);
      charge();
    }
  }

  /** Sets the state of a key, which becomes the last updated one. Returns the evicted keys. */
  public List<BucketingKey> put(Slot<S> slot, S state, long clock) {
    int before = cell(slot);
    int cell = contents.put(before, slot.packedKey(), state);
    replace(slot.hash(), before, cell, state);
    slot.update(cell, version, state);
    rebuildIfSparse();
    charge();
    return fits() ? List.of() : evict(clock);
  }

  /** Frees the memory of up to {@code max} lapsed states. Returns how many were freed. */
  public int dropLapsed(long clock, int max) {
    int dropped = 0;
    while (dropped < max) {
      int cell = schedule.nextLapsed(clock);
      if (cell == NONE) {
        break;
      }
      remove(cell, contents.hash(cell, seed));
      dropped++;
    }
    charge();
    return dropped;
  }

  /** How many states are held, including lapsed ones that were not dropped yet. */
  public int size() {
    return pages.count();
  }

  /** Removes all states. */
  public void clear() {
    isCleared |= !stored.isEmpty() || !gone.isEmpty();
    gone.clear();
    stored = new BitSet();
    restart();
    charge();
  }

  /**
   * What has changed since the last hand-over, or all states if {@code all} is set; the next
   * hand-over starts here.
   */
  public StateChanges<S> handOver(boolean all, long clock) {
    StateChanges<S> changes = changes(all, clock);
    for (int cell = first(all); cell != NONE; cell = order.newer(cell)) {
      stored.set(cell);
    }
    order.handOver();
    isCleared = false;
    gone.clear();
    return changes;
  }

  /** The same as {@link #handOver}, but the next hand-over does not start here. */
  public StateChanges<S> changes(boolean all, long clock) {
    dropLapsed(clock, Integer.MAX_VALUE);
    List<PackedState<S>> changed = new ArrayList<>(all ? size() : 0);
    for (int cell = first(all); cell != NONE; cell = order.newer(cell)) {
      changed.add(contents.copy(cell));
    }
    return new StateChanges<>(codec, !all && isCleared, all ? List.of() : gone, changed);
  }

  private int first(boolean ofAll) {
    return ofAll ? order.oldest() : order.firstChanged();
  }

  /** Restores a key and its state as they were handed over; {@link #evict} comes after. */
  public void restore(byte[] packed) {
    StateReader reader = new StateReader(packed, 0, packed.length);
    reader.skipKey();
    int keyEnd = reader.position();
    S state = codec.read(reader);
    int hash = PackedKey.hash(packed, 0, keyEnd, seed);
    int before = table.find(hash, packed, keyEnd);
    int cell = contents.putStored(before, packed, keyEnd, state);
    replace(hash, before, cell, state);
    order.handOver();
    stored.set(cell);
    charge();
  }

  /** Restores that a key is gone. */
  public void restoreGone(byte[] key) {
    int hash = PackedKey.hash(key, 0, key.length, seed);
    int cell = table.find(hash, key, key.length);
    if (cell != NONE) {
      stored.clear(cell);
      remove(cell, hash);
      charge();
    }
  }

  /** Restores that all keys are gone. */
  public void restoreCleared() {
    stored = new BitSet();
    restart();
    charge();
  }

  /** Evicts the least recently updated key. Returns it, or null if there is none. */
  public @Nullable BucketingKey evictOldest() {
    int cell = order.oldest();
    if (cell == NONE) {
      return null;
    }
    BucketingKey evicted = key(contents.packedKey(cell));
    remove(cell, contents.hash(cell, seed));
    charge();
    return evicted;
  }

  /** Evicts keys until the bounds hold. Returns these keys. */
  public List<BucketingKey> evict(long clock) {
    List<BucketingKey> evicted = new ArrayList<>(0);
    while (!fits()) {
      BucketingKey oldest = dropLapsed(clock, 1) == 0 ? evictOldest() : null;
      if (oldest != null) {
        evicted.add(oldest);
      }
    }
    rebuildIfSparse();
    return evicted;
  }

  private boolean fits() {
    return size() <= 1 || (size() <= maxKeys && contents.bytes() <= maxBytes && !pages.areFull());
  }

  private int cell(Slot<S> slot) {
    if (slot.version() != version) {
      byte[] packed = slot.packedKey();
      slot.update(table.find(slot.hash(), packed, packed.length), version, null);
    }
    return slot.cell();
  }

  /** Makes a cell that was filled the one of a key, and the last updated one. */
  private void replace(int hash, int before, int cell, S state) {
    if (before == NONE) {
      table.add(hash, cell);
    } else if (cell != before) {
      move(hash, before, cell);
    }
    order.add(cell);
    schedule.set(cell, state);
    version++;
  }

  private void move(int hash, int before, int cell) {
    table.replace(hash, before, cell);
    schedule.renumber(before, cell);
    if (stored.get(before)) {
      stored.clear(before);
      stored.set(cell);
    }
    pages.release(before);
  }

  private static BucketingKey key(byte[] packed) {
    return new StateReader(packed, 0, packed.length).key();
  }

  private void remove(int cell, int hash) {
    table.remove(hash, cell);
    schedule.remove(cell);
    if (stored.get(cell)) {
      stored.clear(cell);
      gone.add(contents.packedKey(cell));
    }
    contents.empty(cell);
    pages.release(cell);
    version++;
    rebuildIfSparse();
  }

  /** Starts empty. Returns what was scheduled before. */
  private Schedule.Previous restart() {
    contents = new CellStore<>(codec);
    pages = contents.pages();
    table = new KeyTable(contents::isKey);
    order = new UpdateOrder(pages);
    version++;
    return schedule.restart(contents);
  }

  /** Copies all cells into new pages, in the order of updates, once most of the pages is free. */
  private void rebuildIfSparse() {
    if (!pages.areSparse()) {
      return;
    }
    UpdateOrder orderBefore = order;
    CellStore<S> contentsBefore = contents;
    BitSet storedBefore = stored;
    Schedule.Previous scheduledBefore = restart();
    stored = new BitSet();
    boolean hasChanged = false;
    for (int old = orderBefore.oldest(); old != NONE; old = orderBefore.newer(old)) {
      if (old == orderBefore.firstChanged()) {
        order.handOver();
        hasChanged = true;
      }
      int cell = contents.putFrom(contentsBefore, old);
      table.add(contents.hash(cell, seed), cell);
      order.add(cell);
      stored.set(cell, storedBefore.get(old));
      schedule.carryOver(scheduledBefore, old, cell);
    }
    if (!hasChanged) {
      order.handOver();
    }
  }
}
