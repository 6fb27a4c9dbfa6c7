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
 * together (16 MiB at least): one more, and the key longest unchanged is given up. Keys and their
 * states are held as the bytes that a checkpoint stores; flat arrays beside them hold the order of
 * change and the order of time. So a million keys are a few thousand arrays, and no objects.
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

  private static final int NONE = Slots.NONE;

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

  private Slots slots;
  private Contents<S> contents;
  private SlotTable table;
  private TimeOrder times;
  private int firstsBefore;

  /** Counts what changes any state. */
  private int changes;

  /** Deadlines of those that are due later than by their state alone. */
  private final Map<Integer, Long> postponed = new HashMap<>();

  /** The one that was found to be due first where it stands, and as of which version. */
  private int settledFirst = NONE;

  private int settledAsOf;

  /** Slots whose key was handed over. */
  private BitSet stored = new BitSet();

  /** Keys that were handed over, and are gone. */
  private final List<byte[]> gone = new ArrayList<>();

  private boolean isCleared;

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
    this.slots = new Slots();
    this.contents = new Contents<>(slots);
    this.table = new SlotTable(contents::isKey);
    this.times = new TimeOrder(new BySlot(slots));
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

  /**
   * A key's place among these states: it is looked up once, and its state is read once, for all
   * that one entry does to the key.
   */
  static final class Seat {

    private final BucketingKey key;
    private final byte[] packed;
    private final int hash;
    private int slot;
    private int asOf;

    /** What was read or put last. */
    private @Nullable Object state;

    private Seat(BucketingKey key, byte[] packed, int hash, int slot, int asOf) {
      this.key = key;
      this.packed = packed;
      this.hash = hash;
      this.slot = slot;
      this.asOf = asOf;
    }

    BucketingKey key() {
      return key;
    }
  }

  /** The seat of a key, whether or not it has a state. */
  Seat seat(BucketingKey key) {
    byte[] packed = PackedKey.of(key);
    int hash = PackedKey.hash(packed, 0, packed.length, seed);
    return new Seat(key, packed, hash, table.find(hash, packed, packed.length), changes);
  }

  /** A key's state, if it has one that has not lapsed. */
  @Nullable S get(Seat seat, long clock) {
    int slot = slot(seat);
    if (slot == NONE) {
      return null;
    }
    S state = state(seat, slot);
    return deadline == null && time.applyAsLong(state) <= clock ? null : state;
  }

  /** Removes a key's state, if it has one. */
  void remove(Seat seat) {
    int slot = slot(seat);
    if (slot != NONE) {
      remove(slot, seat.hash);
      take(seat, NONE, null);
    }
  }

  /** Sets a key's state, which then is the one last changed. Returns the keys given up for it. */
  List<BucketingKey> put(Seat seat, S state, long clock) {
    int slot = slot(seat);
    if (slot == NONE) {
      slot = slots.take();
      table.add(seat.hash, slot);
    } else {
      slots.renew(slot);
    }
    hold(slot, seat.packed, state);
    schedule(slot, time.applyAsLong(state));
    changes++;
    take(seat, slot, state);
    rebuildIfSparse();
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
        remove(slot, hash(slot));
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
    return slots.size();
  }

  void clear() {
    isCleared |= !stored.isEmpty() || !gone.isEmpty();
    gone.clear();
    stored = new BitSet();
    empty();
  }

  /** Counts whenever another one may be due first, or what is due first may have changed. */
  int firsts() {
    return firstsBefore + times.firsts();
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
    List<Integer> moved = List.copyOf(postponed.keySet());
    // None may stand in order while what decides between it and another of the same time changes.
    moved.forEach(times::remove);
    postponed.clear();
    settledFirst = NONE;
    moved.forEach(slot -> times.set(slot, time.applyAsLong(state(slot))));
  }

  /**
   * When a state is due.
   *
   * @param evaluated when that is evaluated
   * @param deadline its own time
   */
  record Due(long evaluated, long deadline) {}

  /** The seat of the one that is due first; there must be one. */
  Seat next() {
    int slot = times.first();
    byte[] packed = packedKey(slot);
    return new Seat(key(packed), packed, hash(slot), slot, changes);
  }

  /**
   * What has changed since it was last handed over, or all; from now on that is what was handed
   * over.
   */
  Changes<S> handOver(boolean all, long clock) {
    Changes<S> changes = changes(all, clock);
    for (int slot = first(all); slot != NONE; slot = slots.newer(slot)) {
      stored.set(slot);
    }
    slots.handOver();
    isCleared = false;
    gone.clear();
    return changes;
  }

  /** As {@link #handOver}, but only to look at. */
  Changes<S> changes(boolean all, long clock) {
    dropLapsed(clock, Integer.MAX_VALUE);
    List<Contents.Held<S>> changed = new ArrayList<>(all ? size() : 0);
    for (int slot = first(all); slot != NONE; slot = slots.newer(slot)) {
      changed.add(contents.copy(slot));
    }
    return new Changes<>(codec, !all && isCleared, all ? List.of() : List.copyOf(gone), changed);
  }

  private int first(boolean ofAll) {
    return ofAll ? slots.oldest() : slots.firstChanged();
  }

  /**
   * What has changed of the keys of one trigger. Immutable.
   *
   * @param isCleared whether all keys before are gone
   * @param gone keys that are gone
   * @param held the keys that have changed and their states, the one longest unchanged first
   */
  record Changes<S>(
      StateCodec<S> codec, boolean isCleared, List<byte[]> gone, List<Contents.Held<S>> held) {

    int rows() {
      return (isCleared ? 1 : 0) + gone.size() + held.size();
    }

    /** Writes one key and its state. */
    void write(int index, StateWriter to) {
      held.get(index).write(codec, to);
    }
  }

  /** Takes over a key and its state as they were handed over; {@link #settle} comes after. */
  void restore(byte[] packed) {
    StateReader reader = new StateReader(packed, 0, packed.length);
    reader.skipKey();
    int end = reader.position();
    S state = codec.read(reader);
    int hash = PackedKey.hash(packed, 0, end, seed);
    int slot = table.find(hash, packed, end);
    if (slot == NONE) {
      slot = slots.take();
      table.add(hash, slot);
    } else {
      slots.renew(slot);
      times.remove(slot);
    }
    if (codec.isLarge(state)) {
      hold(slot, Arrays.copyOf(packed, end), state);
    } else {
      contents.put(slot, packed, 0, packed.length);
    }
    slots.handOver();
    stored.set(slot);
    changes++;
    schedule(slot, time.applyAsLong(state));
  }

  /** Takes over that a key is gone. */
  void restoreGone(byte[] key) {
    int hash = PackedKey.hash(key, 0, key.length, seed);
    int slot = table.find(hash, key, key.length);
    if (slot != NONE) {
      stored.clear(slot);
      remove(slot, hash);
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
        int slot = slots.oldest();
        givenUp.add(key(packedKey(slot)));
        remove(slot, hash(slot));
      }
    }
    return givenUp;
  }

  private boolean fits() {
    return size() <= 1 || (size() <= maxKeys && contents.bytes() <= mostBytes);
  }

  private void schedule(int slot, long at) {
    unsettle(slot);
    // When a state lapses is looked at again then: most often it does so later than before.
    boolean isEarlyEnough = deadline == null && times.holds(slot) && times.timeOf(slot) <= at;
    if (isEarlyEnough) {
      return;
    }
    if (at == NEVER) {
      times.remove(slot);
    } else {
      times.set(slot, at);
    }
  }

  private int slot(Seat seat) {
    if (seat.asOf != changes) {
      take(seat, table.find(seat.hash, seat.packed, seat.packed.length), null);
    }
    return seat.slot;
  }

  /** Notes in a seat where its key is as of now, and its state if that is known. */
  private void take(Seat seat, int slot, @Nullable S state) {
    seat.slot = slot;
    seat.asOf = changes;
    seat.state = state;
  }

  @SuppressWarnings("unchecked") // A seat is of the states that have made it, and they note these.
  private S state(Seat seat, int slot) {
    Object known = seat.state;
    S state = known == null ? state(slot) : (S) known;
    seat.state = state;
    return state;
  }

  private void hold(int slot, byte[] packedKey, S state) {
    if (codec.isLarge(state)) {
      contents.put(slot, Contents.Held.of(packedKey, state, codec.bytes(state)));
      return;
    }
    writer.reset().raw(packedKey);
    codec.write(state, writer);
    contents.put(slot, writer.shared(), 0, writer.length());
  }

  private S state(int slot) {
    S apart = contents.state(slot);
    if (apart != null) {
      return apart;
    }
    StateReader reader = contents.reader(slot);
    reader.skipKey();
    return codec.read(reader);
  }

  private byte[] packedKey(int slot) {
    StateReader reader = contents.reader(slot);
    int from = reader.position();
    reader.skipKey();
    return reader.since(from);
  }

  private static BucketingKey key(byte[] packed) {
    return new StateReader(packed, 0, packed.length).key();
  }

  private int hash(int slot) {
    StateReader reader = contents.reader(slot);
    int from = reader.position();
    reader.skipKey();
    return reader.hashSince(from, seed);
  }

  private long deadline(int slot) {
    Long later = postponed.isEmpty() ? null : postponed.get(slot);
    if (later != null) {
      return later;
    }
    return deadline == null ? NEVER : deadline.applyAsLong(state(slot));
  }

  /** Keys at the same time. */
  private final class BySlot implements TimeOrder.Items {

    private final Slots of;

    BySlot(Slots of) {
      this.of = of;
    }

    @Override
    public int place(int slot) {
      return of.place(slot);
    }

    @Override
    public void setPlace(int slot, int place) {
      of.setPlace(slot, place);
    }

    @Override
    public boolean isBefore(int slot, int other) {
      return KeyedStates.this.isBefore(slot, other);
    }
  }

  private boolean isBefore(int slot, int other) {
    if (deadline == null) {
      return slot < other;
    }
    long first = deadline(slot);
    long second = deadline(other);
    return first != second
        ? first < second
        : PackedKey.compare(contents.reader(slot), contents.reader(other)) < 0;
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

  private void remove(int slot, int hash) {
    table.remove(hash, slot);
    times.remove(slot);
    unsettle(slot);
    if (stored.get(slot)) {
      stored.clear(slot);
      gone.add(packedKey(slot));
    }
    contents.remove(slot);
    slots.release(slot);
    changes++;
    rebuildIfSparse();
  }

  private void empty() {
    slots = new Slots();
    contents = new Contents<>(slots);
    table = new SlotTable(contents::isKey);
    firstsBefore += times.firsts() + 1;
    times = new TimeOrder(new BySlot(slots));
    postponed.clear();
    settledFirst = NONE;
    changes++;
  }

  /** Moves all into the first slots, in the order of change, and gives the rest back. */
  private void rebuildIfSparse() {
    if (!slots.areSparse() && !contents.areSparse()) {
      return;
    }
    Slots slotsBefore = slots;
    Contents<S> contentsBefore = contents;
    BitSet storedBefore = stored;
    TimeOrder timesBefore = times;
    Map<Integer, Long> postponedBefore = new HashMap<>(postponed);
    empty();
    stored = new BitSet(slotsBefore.size());
    boolean hasChanged = false;
    for (int old = slotsBefore.oldest(); old != NONE; old = slotsBefore.newer(old)) {
      if (old == slotsBefore.firstChanged()) {
        slots.handOver();
        hasChanged = true;
      }
      int slot = slots.take();
      contents.take(slot, contentsBefore, old);
      table.add(hash(slot), slot);
      stored.set(slot, storedBefore.get(old));
      Long later = postponedBefore.get(old);
      if (later != null) {
        postponed.put(slot, later);
      }
      if (timesBefore.holds(old)) {
        times.set(slot, timesBefore.timeOf(old));
      }
    }
    if (!hasChanged) {
      slots.handOver();
    }
  }
}
