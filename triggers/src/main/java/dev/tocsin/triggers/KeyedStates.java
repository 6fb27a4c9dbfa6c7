package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The state of every key of one trigger, at most so many, and of so many at most 256 bytes each
 * together (16 MiB at least): one more, and the key longest unchanged is given up. Each key is one
 * array of bytes, its values and its state, which are also what a checkpoint stores; flat arrays
 * beside them hold the order of change and the order of time.
 *
 * <p>Time takes hold of a state in one of two ways. A state that <em>lapses</em> is as if it had
 * never been: it is not found and does not count, whether or not its memory has been freed by then.
 * One that is <em>due</em> stays until it is evaluated.
 *
 * @param <S> what is remembered of a key
 */
final class KeyedStates<S> {

  /** Later than any instant: time does not take hold of it. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int NONE = -1;
  private static final int FEWEST_SLOTS = 64;

  /** What its keys and their states may take together, for each key that it may hold. */
  private static final long BYTES_A_KEY = 256;

  private static final long LEAST_BYTES = 16 << 20;

  private final int maxKeys;
  private final long mostBytes;
  private final long seed;
  private final StateCodec<S> codec;
  private final ToLongFunction<S> time;
  private final @Nullable ToLongFunction<S> deadline;
  private final StateWriter writer = new StateWriter();

  /** The key asked for last, as bytes. */
  private final StateWriter keyWriter = new StateWriter();

  /** Of each slot an array of bytes, or a {@link Large}; null where it is free. */
  private @Nullable Object[] held = new @Nullable Object[0];

  private int[] older = new int[0];

  /** The slot changed next, or the next free one. */
  private int[] newer = new int[0];

  private int oldest = NONE;
  private int newest = NONE;
  private int free = NONE;
  private int size;
  private long heldBytes;
  private SlotTable table;
  private TimeOrder times;

  /** Deadlines of those that are due later than by their state alone. */
  private final Map<Integer, Long> postponed = new HashMap<>();

  /** The one that was found to be due first where it stands, and as of which version. */
  private int settledFirst = NONE;

  private int settledAsOf;

  /** All from here on have changed since they were last handed over. */
  private int firstChanged = NONE;

  /** Slots whose key was handed over. */
  private BitSet stored = new BitSet();

  /** Keys that were handed over, and are gone. */
  private final List<byte[]> gone = new ArrayList<>();

  private boolean isCleared;

  /* What was asked for last, since one event asks for the same key several times. */
  private @Nullable BucketingKey lastKey;
  private int lastSlot = NONE;
  private int lastHash;
  private @Nullable S lastState;

  private KeyedStates(
      int maxKeys,
      long seed,
      StateCodec<S> codec,
      ToLongFunction<S> time,
      @Nullable ToLongFunction<S> deadline) {
    this.maxKeys = maxKeys;
    this.mostBytes = Math.max(LEAST_BYTES, maxKeys * BYTES_A_KEY);
    this.seed = seed;
    this.codec = codec;
    this.time = time;
    this.deadline = deadline;
    this.table = new SlotTable(this::bytes, seed);
    this.times = new TimeOrder(this::isBefore);
  }

  /**
   * States that lapse.
   *
   * @param seed of the places in the table
   * @param lapses when, or {@link #NEVER}
   */
  static <S> KeyedStates<S> lapsing(
      int maxKeys, long seed, StateCodec<S> codec, ToLongFunction<S> lapses) {
    return new KeyedStates<>(maxKeys, seed, codec, lapses, null);
  }

  /**
   * States that are due, in the order of when they are evaluated, then deadline, then key.
   *
   * @param seed of the places in the table
   * @param evaluated when, or {@link #NEVER}
   */
  static <S> KeyedStates<S> due(
      int maxKeys,
      long seed,
      StateCodec<S> codec,
      ToLongFunction<S> evaluated,
      ToLongFunction<S> deadline) {
    return new KeyedStates<>(maxKeys, seed, codec, evaluated, deadline);
  }

  /** A state that is not written at each change. */
  private static final class Large<S> {

    final byte[] key;
    final S state;

    Large(byte[] key, S state) {
      this.key = key;
      this.state = state;
    }
  }

  /** A key's state, if it has one that has not lapsed. */
  @Nullable S get(BucketingKey key, long clock) {
    int slot = slot(key);
    if (slot == NONE) {
      return null;
    }
    S state = state(slot);
    return deadline == null && time.applyAsLong(state) <= clock ? null : state;
  }

  /** Removes a key's state, if it has one. */
  void remove(BucketingKey key) {
    int slot = slot(key);
    if (slot != NONE) {
      remove(slot);
    }
  }

  /** Sets a key's state, which then is the one last changed. Returns the keys given up for it. */
  List<BucketingKey> put(BucketingKey key, S state, long clock) {
    int slot = slot(key);
    if (slot == NONE) {
      slot = take();
      hold(slot, pack(state));
      table.add(lastHash, slot);
    } else {
      unlink(slot);
      hold(slot, pack(state));
    }
    link(slot);
    if (firstChanged == NONE) {
      firstChanged = slot;
    }
    lastSlot = slot;
    lastState = null;
    schedule(slot, time.applyAsLong(state));
    return fits() ? List.of() : settle(clock);
  }

  /** Frees the memory of lapsed states, at most so many. Returns how many. */
  int dropLapsed(long clock, int most) {
    int dropped = 0;
    while (deadline == null && dropped < most && !times.isEmpty() && times.firstTime() <= clock) {
      int slot = times.first();
      // The state may have changed since, and then lapses later.
      long lapses = time.applyAsLong(state(slot));
      if (lapses <= clock) {
        remove(slot);
        dropped++;
      } else if (lapses == NEVER) {
        times.remove(slot);
      } else {
        times.set(slot, lapses);
      }
    }
    return dropped;
  }

  /** How many states are held, lapsed ones included until they are dropped. */
  int size() {
    return size;
  }

  void clear() {
    isCleared |= !stored.isEmpty() || !gone.isEmpty();
    gone.clear();
    stored = new BitSet();
    empty();
  }

  /** When the first one is due, or {@link #NEVER}. */
  long nextDue() {
    return times.isEmpty() ? NEVER : times.firstTime();
  }

  /** The deadline of the one that is due first; there must be one. */
  long nextDeadline() {
    return deadline(times.first());
  }

  /**
   * Looks whether the one that is due first is so later, and moves it if so, until the first one
   * stands where it is due. Each stands in order by its state alone until it is looked at: never
   * too late.
   *
   * @param instead when a state is due, never earlier than by itself
   * @param asOf counts how often that has changed
   * @return whether anything moved
   */
  boolean postponeFirst(Function<S, Due> instead, int asOf) {
    boolean hasMoved = false;
    while (!times.isEmpty()) {
      int slot = times.first();
      if (slot == settledFirst && asOf == settledAsOf) {
        return hasMoved;
      }
      Due due = instead.apply(state(slot));
      if (due.evaluated() == times.firstTime() && due.deadline() == deadline(slot)) {
        settledFirst = slot;
        settledAsOf = asOf;
        return hasMoved;
      }
      postponed.put(slot, due.deadline());
      times.set(slot, due.evaluated());
      hasMoved = true;
    }
    return hasMoved;
  }

  /** Undoes every {@link #postponeFirst}. */
  void scheduleAnew() {
    List<Integer> slots = List.copyOf(postponed.keySet());
    // None may stand in order while what decides between it and another of the same time changes.
    slots.forEach(times::remove);
    postponed.clear();
    settledFirst = NONE;
    slots.forEach(slot -> times.set(slot, time.applyAsLong(state(slot))));
  }

  /**
   * When a state is due.
   *
   * @param evaluated when that is evaluated
   * @param deadline its own time
   */
  record Due(long evaluated, long deadline) {}

  /** The key of the one that is due first; there must be one. */
  BucketingKey nextKey() {
    int slot = times.first();
    BucketingKey key = key(slot);
    remember(key, slot, state(slot));
    keyWriter.reset().key(key);
    lastHash = hash(slot);
    return key;
  }

  /**
   * What has changed since it was last handed over, or all; from now on that is what was handed
   * over.
   */
  Changes<S> handOver(boolean all, long clock) {
    Changes<S> changes = changes(all, clock);
    for (int slot = all ? oldest : firstChanged; slot != NONE; slot = newer[slot]) {
      stored.set(slot);
    }
    firstChanged = NONE;
    isCleared = false;
    gone.clear();
    return changes;
  }

  /** As {@link #handOver}, but only to look at. */
  Changes<S> changes(boolean all, long clock) {
    dropLapsed(clock, Integer.MAX_VALUE);
    List<Object> changed = new ArrayList<>(all ? size : 0);
    for (int slot = all ? oldest : firstChanged; slot != NONE; slot = newer[slot]) {
      changed.add(content(slot));
    }
    return new Changes<>(codec, !all && isCleared, all ? List.of() : List.copyOf(gone), changed);
  }

  /**
   * What has changed of the keys of one trigger. Immutable.
   *
   * @param isCleared whether all keys before are gone
   * @param gone arrays that begin with a key that is gone
   * @param held the keys that have changed and their states, the one longest unchanged first
   */
  record Changes<S>(StateCodec<S> codec, boolean isCleared, List<byte[]> gone, List<Object> held) {

    int rows() {
      return (isCleared ? 1 : 0) + gone.size() + held.size();
    }

    /** Writes one key and its state. */
    void write(int index, StateWriter to) {
      Object one = held.get(index);
      if (one instanceof byte[] packed) {
        to.raw(packed, 0, packed.length);
      } else {
        @SuppressWarnings("unchecked") // Nothing else is held.
        Large<S> large = (Large<S>) one;
        to.raw(large.key, 0, large.key.length);
        codec.write(large.state, to);
      }
    }
  }

  /** Takes over a key and its state as they were handed over; {@link #settle} comes after. */
  void restore(byte[] packed) {
    int end = PackedKey.end(packed);
    S state = codec.read(new StateReader(packed, end, packed.length));
    int hash = table.hash(packed, end);
    int slot = table.find(hash, packed, end);
    if (slot == NONE) {
      slot = take();
      table.add(hash, slot);
    } else {
      unlink(slot);
      times.remove(slot);
    }
    hold(slot, codec.isLarge(state) ? new Large<>(Arrays.copyOf(packed, end), state) : packed);
    link(slot);
    stored.set(slot);
    schedule(slot, time.applyAsLong(state));
  }

  /** Takes over that a key is gone; the key begins an array. */
  void restoreGone(byte[] key) {
    int end = PackedKey.end(key);
    int slot = table.find(table.hash(key, end), key, end);
    if (slot != NONE) {
      stored.clear(slot);
      remove(slot);
    }
  }

  /** Takes over that all keys are gone. */
  void restoreCleared() {
    stored = new BitSet();
    empty();
  }

  /** Gives up what is more than it may hold. Returns these keys. */
  List<BucketingKey> settle(long clock) {
    List<BucketingKey> givenUp = new ArrayList<>(0);
    while (!fits()) {
      if (dropLapsed(clock, 1) == 0) {
        givenUp.add(giveUpOldest());
      }
    }
    return givenUp;
  }

  private boolean fits() {
    return size <= 1 || (size <= maxKeys && heldBytes <= mostBytes);
  }

  /** Puts what is held of a key into its slot, in the place of what was. */
  private void hold(int slot, Object content) {
    heldBytes += length(content) - length(held[slot]);
    held[slot] = content;
  }

  private long length(@Nullable Object content) {
    if (content == null) {
      return 0;
    }
    if (content instanceof byte[] packed) {
      return packed.length;
    }
    @SuppressWarnings("unchecked") // Nothing else is held.
    Large<S> large = (Large<S>) content;
    return large.key.length + codec.bytes(large.state);
  }

  private BucketingKey giveUpOldest() {
    BucketingKey key = key(oldest);
    remove(oldest);
    return key;
  }

  private void schedule(int slot, long at) {
    unsettle(slot);
    // When a state lapses is looked at again then: most often it does so later than before.
    boolean isEarlyEnough = deadline == null && times.holds(slot) && times.time(slot) <= at;
    if (isEarlyEnough) {
      return;
    }
    if (at == NEVER) {
      times.remove(slot);
    } else {
      times.set(slot, at);
    }
  }

  @SuppressWarnings("ReferenceEquality") // An equal key is looked for, the same one is at hand.
  private int slot(BucketingKey key) {
    if (key == lastKey) {
      return lastSlot;
    }
    keyWriter.reset().key(key);
    int hash = table.hash(keyWriter.shared(), keyWriter.length());
    int slot = table.find(hash, keyWriter.shared(), keyWriter.length());
    remember(key, slot, null);
    lastHash = hash;
    return slot;
  }

  private void remember(@Nullable BucketingKey key, int slot, @Nullable S state) {
    lastKey = key;
    lastSlot = slot;
    lastState = state;
  }

  private S state(int slot) {
    S known = slot == lastSlot ? lastState : null;
    if (known != null) {
      return known;
    }
    S state = read(slot);
    if (slot == lastSlot) {
      lastState = state;
    }
    return state;
  }

  private S read(int slot) {
    Object content = content(slot);
    if (content instanceof byte[] packed) {
      return codec.read(new StateReader(packed, PackedKey.end(packed), packed.length));
    }
    @SuppressWarnings("unchecked") // Nothing else is held.
    Large<S> large = (Large<S>) content;
    return large.state;
  }

  private BucketingKey key(int slot) {
    byte[] packed = bytes(slot);
    return new StateReader(packed, 0, packed.length).key();
  }

  /** An array that begins with a slot's key. */
  private byte[] bytes(int slot) {
    Object content = content(slot);
    return content instanceof byte[] packed ? packed : ((Large<?>) content).key;
  }

  private Object content(int slot) {
    Object content = held[slot];
    if (content == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return content;
  }

  /** The key asked for last, and a state. */
  private Object pack(S state) {
    if (codec.isLarge(state)) {
      return new Large<>(keyWriter.copy(), state);
    }
    writer.reset().raw(keyWriter.shared(), 0, keyWriter.length());
    codec.write(state, writer);
    return writer.copy();
  }

  private int hash(int slot) {
    byte[] packed = bytes(slot);
    return table.hash(packed, PackedKey.end(packed));
  }

  private long deadline(int slot) {
    Long later = postponed.isEmpty() ? null : postponed.get(slot);
    if (later != null) {
      return later;
    }
    return deadline == null ? NEVER : deadline.applyAsLong(read(slot));
  }

  private boolean isBefore(int slot, int other) {
    if (deadline == null) {
      return slot < other;
    }
    long first = deadline(slot);
    long second = deadline(other);
    return first != second ? first < second : PackedKey.compare(bytes(slot), bytes(other)) < 0;
  }

  /** Forgets when a slot was due once blind intervals were counted in: its state has changed. */
  private void unsettle(int slot) {
    if (!postponed.isEmpty()) {
      postponed.remove(slot);
    }
    if (slot == settledFirst) {
      settledFirst = NONE;
    }
  }

  /** A free slot, which is no longer free. */
  private int take() {
    if (free == NONE) {
      grow();
    }
    int slot = free;
    free = newer[slot];
    size++;
    return slot;
  }

  private void grow() {
    int before = held.length;
    int capacity = TimeOrder.grown(before);
    held = Arrays.copyOf(held, capacity);
    older = Arrays.copyOf(older, capacity);
    newer = Arrays.copyOf(newer, capacity);
    for (int slot = capacity - 1; slot >= before; slot--) {
      newer[slot] = free;
      free = slot;
    }
  }

  private void remove(int slot) {
    byte[] packed = bytes(slot);
    table.remove(slot == lastSlot ? lastHash : hash(slot), slot);
    times.remove(slot);
    unsettle(slot);
    unlink(slot);
    if (stored.get(slot)) {
      stored.clear(slot);
      gone.add(packed);
    }
    heldBytes -= length(held[slot]);
    held[slot] = null;
    newer[slot] = free;
    free = slot;
    size--;
    if (slot == lastSlot) {
      lastSlot = NONE;
      lastState = null;
    }
    if (held.length > FEWEST_SLOTS && size < held.length / 4) {
      shrink();
    }
  }

  /** Makes a slot the one last changed. */
  private void link(int slot) {
    older[slot] = newest;
    newer[slot] = NONE;
    if (newest == NONE) {
      oldest = slot;
    } else {
      newer[newest] = slot;
    }
    newest = slot;
  }

  private void unlink(int slot) {
    int before = older[slot];
    int after = newer[slot];
    if (before == NONE) {
      oldest = after;
    } else {
      newer[before] = after;
    }
    if (after == NONE) {
      newest = before;
    } else {
      older[after] = before;
    }
    if (firstChanged == slot) {
      firstChanged = after;
    }
  }

  private void empty() {
    held = new @Nullable Object[0];
    older = new int[0];
    newer = new int[0];
    oldest = NONE;
    newest = NONE;
    free = NONE;
    firstChanged = NONE;
    size = 0;
    heldBytes = 0;
    table = new SlotTable(this::bytes, seed);
    times = new TimeOrder(this::isBefore);
    postponed.clear();
    settledFirst = NONE;
    remember(null, NONE, null);
  }

  /** Moves all into the first slots, in the order of change, and gives the rest back. */
  private void shrink() {
    @Nullable Object[] contents = held;
    int[] next = newer;
    int changed = firstChanged;
    BitSet handedOver = stored;
    TimeOrder timesBefore = times;
    Map<Integer, Long> postponedBefore = new HashMap<>(postponed);
    int from = oldest;
    int count = size;
    long bytesBefore = heldBytes;
    empty();
    heldBytes = bytesBefore;
    stored = new BitSet(count);
    while (held.length < count + count / 4) {
      grow();
    }
    for (int old = from; old != NONE; old = next[old]) {
      int slot = take();
      held[slot] = contents[old];
      link(slot);
      table.add(hash(slot), slot);
      stored.set(slot, handedOver.get(old));
      if (old == changed) {
        firstChanged = slot;
      }
      Long later = postponedBefore.get(old);
      if (later != null) {
        postponed.put(slot, later);
      }
      if (timesBefore.holds(old)) {
        times.set(slot, timesBefore.time(old));
      }
    }
  }
}
