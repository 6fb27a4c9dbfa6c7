package dev.tocsin.triggers.keyed;

import dev.tocsin.triggers.BucketingKey;
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
 * together (16 MiB at least, and some 4 GiB at most): one more, and the key longest unchanged is
 * given up. Keys and their states are held as the bytes that a checkpoint stores, each in a cell;
 * flat arrays beside them hold the order of change and the order of time. So a million keys are a
 * few thousand arrays, and no objects.
 *
 * <p>Time takes hold of a state in one of two ways. A state that <em>lapses</em> is as if it had
 * never been: it is not found and does not count, whether or not its memory has been freed by then.
 * One that is <em>due</em> stays until it is evaluated.
 *
 * @param <S> what is remembered of a key
 */
public final class KeyedStates<S> {

  /** Later than any instant: time does not take hold of it. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int NONE = SlabPages.NONE;

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

  private SlabPages cells;
  private CellStore<S> contents;
  private KeyTable table;
  private UpdateOrder order;
  private DeadlineQueue times;
  private int firstsBefore;

  /** Counts what changes any state. */
  private int changes;

  /** Deadlines of those that are due later than by their state alone. */
  private final Map<Integer, Long> postponed = new HashMap<>();

  /** The one that was found to be due first where it stands, and as of which version. */
  private int settledFirst = NONE;

  private int settledAsOf;

  /** Cells whose key was handed over. */
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
    this.cells = new SlabPages();
    this.contents = new CellStore<>(cells);
    this.table = new KeyTable(contents::isKey);
    this.order = new UpdateOrder(cells);
    this.times = new DeadlineQueue(new ByCell(cells));
  }

  /**
   * States that lapse.
   *
   * @param seed of the places in the table
   * @param lapses when, or {@link #NEVER}
   */
  public static <S> KeyedStates<S> lapsing(
      int maxKeys, long seed, StateCodec<S> codec, ToLongFunction<S> lapses) {
    return new KeyedStates<>(maxKeys, seed, codec, lapses, null);
  }

  /**
   * States that are due, in the order of when they are evaluated, then deadline, then key.
   *
   * @param seed of the places in the table
   * @param evaluated when, or {@link #NEVER}
   */
  public static <S> KeyedStates<S> due(
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
  public static final class Seat {

    private final BucketingKey key;
    private final byte[] packed;
    private final int hash;
    private int cell;
    private int asOf;

    /** What was read or put last. */
    private @Nullable Object state;

    private Seat(BucketingKey key, byte[] packed, int hash, int cell, int asOf) {
      this.key = key;
      this.packed = packed;
      this.hash = hash;
      this.cell = cell;
      this.asOf = asOf;
    }

    public BucketingKey key() {
      return key;
    }
  }

  /** The seat of a key, whether or not it has a state. */
  public Seat seat(BucketingKey key) {
    byte[] packed = PackedKey.of(key);
    int hash = PackedKey.hash(packed, 0, packed.length, seed);
    return new Seat(key, packed, hash, table.find(hash, packed, packed.length), changes);
  }

  /** A key's state, if it has one that has not lapsed. */
  @Nullable
  public S get(Seat seat, long clock) {
    int cell = cell(seat);
    if (cell == NONE) {
      return null;
    }
    S state = state(seat, cell);
    return deadline == null && time.applyAsLong(state) <= clock ? null : state;
  }

  /** Removes a key's state, if it has one. */
  public void remove(Seat seat) {
    int cell = cell(seat);
    if (cell != NONE) {
      remove(cell, seat.hash);
      take(seat, NONE, null);
    }
  }

  /** Sets a key's state, which then is the one last changed. Returns the keys given up for it. */
  public List<BucketingKey> put(Seat seat, S state, long clock) {
    int before = cell(seat);
    int cell = write(before, seat.packed, state);
    replace(seat.hash, before, cell, state);
    take(seat, cell, state);
    rebuildIfSparse();
    return fits() ? List.of() : settle(clock);
  }

  /** Frees the memory of lapsed states, at most so many. Returns how many. */
  public int dropLapsed(long clock, int most) {
    int dropped = 0;
    while (deadline == null && dropped < most && !times.isEmpty() && times.firstTime() <= clock) {
      int cell = times.first();
      // The state may have changed since, and then lapses later.
      long lapses = time.applyAsLong(state(cell));
      if (lapses <= clock) {
        remove(cell, hash(cell));
        dropped++;
      } else if (lapses == NEVER) {
        times.remove(cell);
      } else {
        times.set(cell, lapses);
      }
    }
    return dropped;
  }

  /** How many states are held, lapsed ones included until they are dropped. */
  public int size() {
    return cells.count();
  }

  public void clear() {
    isCleared |= !stored.isEmpty() || !gone.isEmpty();
    gone.clear();
    stored = new BitSet();
    empty();
  }

  /** Counts whenever another one may be due first, or what is due first may have changed. */
  public int firsts() {
    return firstsBefore + times.firsts();
  }

  /** When the first one is due, or {@link #NEVER}. */
  public long nextDue() {
    return times.isEmpty() ? NEVER : times.firstTime();
  }

  /** The deadline of the one that is due first; there must be one. */
  public long nextDeadline() {
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
  public boolean postponeFirst(Function<S, Due> instead, int asOf) {
    boolean hasMoved = false;
    while (!times.isEmpty()) {
      int cell = times.first();
      if (cell == settledFirst && asOf == settledAsOf) {
        return hasMoved;
      }
      Due due = instead.apply(state(cell));
      if (due.evaluated() == times.firstTime() && due.deadline() == deadline(cell)) {
        settledFirst = cell;
        settledAsOf = asOf;
        return hasMoved;
      }
      postponed.put(cell, due.deadline());
      times.set(cell, due.evaluated());
      hasMoved = true;
    }
    return hasMoved;
  }

  /** Undoes every {@link #postponeFirst}. */
  public void scheduleAnew() {
    List<Integer> moved = List.copyOf(postponed.keySet());
    // None may stand in order while what decides between it and another of the same time changes.
    moved.forEach(times::remove);
    postponed.clear();
    settledFirst = NONE;
    moved.forEach(cell -> times.set(cell, time.applyAsLong(state(cell))));
  }

  /**
   * When a state is due.
   *
   * @param evaluated when that is evaluated
   * @param deadline its own time
   */
  public record Due(long evaluated, long deadline) {}

  /** The seat of the one that is due first; there must be one. */
  public Seat next() {
    int cell = times.first();
    byte[] packed = packedKey(cell);
    return new Seat(key(packed), packed, hash(cell), cell, changes);
  }

  /**
   * What has changed since it was last handed over, or all; from now on that is what was handed
   * over.
   */
  public Changes<S> handOver(boolean all, long clock) {
    Changes<S> changes = changes(all, clock);
    for (int cell = first(all); cell != NONE; cell = order.newer(cell)) {
      stored.set(cell);
    }
    order.handOver();
    isCleared = false;
    gone.clear();
    return changes;
  }

  /** As {@link #handOver}, but only to look at. */
  public Changes<S> changes(boolean all, long clock) {
    dropLapsed(clock, Integer.MAX_VALUE);
    List<CellStore.Held<S>> changed = new ArrayList<>(all ? size() : 0);
    for (int cell = first(all); cell != NONE; cell = order.newer(cell)) {
      changed.add(contents.copy(cell));
    }
    return new Changes<>(codec, !all && isCleared, all ? List.of() : List.copyOf(gone), changed);
  }

  private int first(boolean ofAll) {
    return ofAll ? order.oldest() : order.firstChanged();
  }

  /**
   * What has changed of the keys of one trigger. Immutable.
   *
   * @param isCleared whether all keys before are gone
   * @param gone keys that are gone
   * @param held the keys that have changed and their states, the one longest unchanged first
   */
  public record Changes<S>(
      StateCodec<S> codec, boolean isCleared, List<byte[]> gone, List<CellStore.Held<S>> held) {

    public int rows() {
      return (isCleared ? 1 : 0) + gone.size() + held.size();
    }

    /** Writes one key and its state. */
    public void write(int index, StateWriter to) {
      held.get(index).write(codec, to);
    }
  }

  /** Takes over a key and its state as they were handed over; {@link #settle} comes after. */
  public void restore(byte[] packed) {
    StateReader reader = new StateReader(packed, 0, packed.length);
    reader.skipKey();
    int end = reader.position();
    S state = codec.read(reader);
    int hash = PackedKey.hash(packed, 0, end, seed);
    int before = table.find(hash, packed, end);
    int cell =
        codec.isLarge(state)
            ? write(before, Arrays.copyOf(packed, end), state)
            : contents.put(before, packed, 0, packed.length);
    replace(hash, before, cell, state);
    order.handOver();
    stored.set(cell);
  }

  /** Takes over that a key is gone. */
  public void restoreGone(byte[] key) {
    int hash = PackedKey.hash(key, 0, key.length, seed);
    int cell = table.find(hash, key, key.length);
    if (cell != NONE) {
      stored.clear(cell);
      remove(cell, hash);
    }
  }

  /** Takes over that all keys are gone. */
  public void restoreCleared() {
    stored = new BitSet();
    empty();
  }

  /** Gives up what is more than it may hold. Returns these keys. */
  public List<BucketingKey> settle(long clock) {
    List<BucketingKey> givenUp = new ArrayList<>(0);
    while (!fits()) {
      if (dropLapsed(clock, 1) == 0) {
        int cell = order.oldest();
        givenUp.add(key(packedKey(cell)));
        remove(cell, hash(cell));
      }
    }
    rebuildIfSparse();
    return givenUp;
  }

  private boolean fits() {
    return size() <= 1 || (size() <= maxKeys && contents.bytes() <= mostBytes && !cells.areFull());
  }

  private void schedule(int cell, long at) {
    // When a state lapses is looked at again then: most often it does so later than before.
    boolean isEarlyEnough = deadline == null && times.holds(cell) && times.timeOf(cell) <= at;
    if (isEarlyEnough) {
      return;
    }
    if (at == NEVER) {
      times.remove(cell);
    } else {
      times.set(cell, at);
    }
  }

  private int cell(Seat seat) {
    if (seat.asOf != changes) {
      take(seat, table.find(seat.hash, seat.packed, seat.packed.length), null);
    }
    return seat.cell;
  }

  /** Notes in a seat where its key is as of now, and its state if that is known. */
  private void take(Seat seat, int cell, @Nullable S state) {
    seat.cell = cell;
    seat.asOf = changes;
    seat.state = state;
  }

  @SuppressWarnings("unchecked") // A seat is of the states that have made it, and they note these.
  private S state(Seat seat, int cell) {
    Object known = seat.state;
    S state = known == null ? state(cell) : (S) known;
    seat.state = state;
    return state;
  }

  /** Holds a key and a state instead of what a cell holds, if any; returns the cell. */
  private int write(int before, byte[] packedKey, S state) {
    if (codec.isLarge(state)) {
      return contents.put(before, CellStore.Held.of(packedKey, state, codec.bytes(state)));
    }
    writer.reset().raw(packedKey);
    codec.write(state, writer);
    return contents.put(before, writer.shared(), 0, writer.length());
  }

  /** Makes a cell, and the state in it, those of a key, which then is the one last changed. */
  private void replace(int hash, int before, int cell, S state) {
    if (before == NONE) {
      table.add(hash, cell);
    } else {
      unsettle(before);
      if (cell != before) {
        move(hash, before, cell);
      }
    }
    order.add(cell);
    schedule(cell, time.applyAsLong(state));
    changes++;
  }

  private void move(int hash, int before, int cell) {
    table.replace(hash, before, cell);
    if (times.holds(before)) {
      times.renumber(before, cell);
    }
    if (stored.get(before)) {
      stored.clear(before);
      stored.set(cell);
    }
    cells.release(before);
  }

  private S state(int cell) {
    S apart = contents.state(cell);
    if (apart != null) {
      return apart;
    }
    StateReader reader = contents.reader(cell);
    reader.skipKey();
    return codec.read(reader);
  }

  private byte[] packedKey(int cell) {
    StateReader reader = contents.reader(cell);
    int from = reader.position();
    reader.skipKey();
    return reader.since(from);
  }

  private static BucketingKey key(byte[] packed) {
    return new StateReader(packed, 0, packed.length).key();
  }

  private int hash(int cell) {
    StateReader reader = contents.reader(cell);
    int from = reader.position();
    reader.skipKey();
    return reader.hashSince(from, seed);
  }

  private long deadline(int cell) {
    Long later = postponed.isEmpty() ? null : postponed.get(cell);
    if (later != null) {
      return later;
    }
    return deadline == null ? NEVER : deadline.applyAsLong(state(cell));
  }

  /** Keys at the same time. */
  private final class ByCell implements DeadlineQueue.Items {

    private final SlabPages of;

    ByCell(SlabPages of) {
      this.of = of;
    }

    @Override
    public int place(int cell) {
      return of.place(cell);
    }

    @Override
    public void setPlace(int cell, int place) {
      of.setPlace(cell, place);
    }

    @Override
    public boolean isBefore(int cell, int other) {
      return KeyedStates.this.isBefore(cell, other);
    }
  }

  private boolean isBefore(int cell, int other) {
    if (deadline == null) {
      return false;
    }
    long first = deadline(cell);
    long second = deadline(other);
    return first != second
        ? first < second
        : PackedKey.compare(contents.reader(cell), contents.reader(other)) < 0;
  }

  /** Forgets when a cell was due once blind intervals were counted in: its state has changed. */
  private void unsettle(int cell) {
    if (!postponed.isEmpty()) {
      postponed.remove(cell);
    }
    if (cell == settledFirst) {
      settledFirst = NONE;
    }
  }

  private void remove(int cell, int hash) {
    table.remove(hash, cell);
    times.remove(cell);
    unsettle(cell);
    if (stored.get(cell)) {
      stored.clear(cell);
      gone.add(packedKey(cell));
    }
    contents.empty(cell);
    cells.release(cell);
    changes++;
    rebuildIfSparse();
  }

  private void empty() {
    cells = new SlabPages();
    contents = new CellStore<>(cells);
    table = new KeyTable(contents::isKey);
    order = new UpdateOrder(cells);
    firstsBefore += times.firsts() + 1;
    times = new DeadlineQueue(new ByCell(cells));
    postponed.clear();
    settledFirst = NONE;
    changes++;
  }

  /** Moves all into new cells, in the order of change, and gives the others back. */
  private void rebuildIfSparse() {
    if (!cells.areSparse()) {
      return;
    }
    UpdateOrder orderBefore = order;
    CellStore<S> contentsBefore = contents;
    BitSet storedBefore = stored;
    DeadlineQueue timesBefore = times;
    Map<Integer, Long> postponedBefore = new HashMap<>(postponed);
    empty();
    stored = new BitSet();
    boolean hasChanged = false;
    for (int old = orderBefore.oldest(); old != NONE; old = orderBefore.newer(old)) {
      if (old == orderBefore.firstChanged()) {
        order.handOver();
        hasChanged = true;
      }
      int cell = contents.take(contentsBefore, old);
      table.add(hash(cell), cell);
      order.add(cell);
      stored.set(cell, storedBefore.get(old));
      Long later = postponedBefore.get(old);
      if (later != null) {
        postponed.put(cell, later);
      }
      if (timesBefore.holds(old)) {
        times.set(cell, timesBefore.timeOf(old));
      }
    }
    if (!hasChanged) {
      order.handOver();
    }
  }
}
