package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Trials;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The states of keys against plain maps, whatever is done to them and however odd the keys are. */
class KeyedStatesTest {

  /** Told apart only by where one value ends, by one bit of a long one, by plane, or by nothing. */
  private static final List<List<String>> ODD =
      List.of(
          List.of("", ""),
          List.of("a", ""),
          List.of("", "a"),
          List.of("ab", "c"),
          List.of("a", "bc"),
          List.of("x".repeat(200), "y"),
          List.of("x".repeat(199) + "y", "y"),
          List.of("\u007f", "\u0080"),
          List.of("\u00e9", "\u4e2d"),
          List.of("\uffff", ""),
          List.of("\ud83d\ude00", ""),
          List.of("?", "?"));

  /** A state: it is evaluated at a time, or lapses then. */
  private record Sample(long number, long at, long deadline, Instants ballast) {

    Sample(long number, long at, long deadline) {
      this(number, at, deadline, Instants.NONE);
    }
  }

  private static final StateCodec<Sample> CODEC =
      new StateCodec<>() {
        @Override
        public void write(Sample state, StateWriter to) {
          to.near(state.number(), 0);
          to.near(state.at(), 0);
          to.near(state.deadline(), 0);
          StateCodec.write(state.ballast(), 0, to);
        }

        @Override
        public Sample read(StateReader from) {
          return new Sample(from.near(0), from.near(0), from.near(0), StateCodec.instants(0, from));
        }

        @Override
        public boolean isLarge(Sample state) {
          return state.ballast().size() > MAX_ENCODED;
        }

        @Override
        public long bytes(Sample state) {
          return Long.BYTES * (long) state.ballast().size();
        }
      };

  @Test
  void thoseThatAreDueAreWhatAMapWouldHold() {
    Trials.run(120, random -> new Due(random).run());
  }

  @Test
  void thoseThatLapseAreWhatAMapWouldHold() {
    Trials.run(200, random -> new Lapsing(random).run());
  }

  @Test
  void packedKeysAreInTheOrderOfTheirCodePoints() {
    for (List<String> left : ODD) {
      for (List<String> right : ODD) {
        BucketingKey a = new BucketingKey(left);
        BucketingKey b = new BucketingKey(right);
        assertThat(Integer.signum(PackedKey.compare(reader(a), reader(b))))
            .as("%s and %s", left, right)
            .isEqualTo(Integer.signum(a.compareTo(b)));
      }
    }
  }

  /** What was postponed to the time of others has its place among them when that is undone. */
  @Test
  void theOrderHoldsWhenPostponingIsUndone() {
    Trials.run(2_000, random -> new Postponed(random).run());
  }

  @Test
  void longKeysAreEvictedSinceTheyTakeTooMuchTogether() {
    KeyedStates<Sample> states = KeyedStates.due(10_000, 7, schedule());
    Sample state = new Sample(0, 2, 2);
    List<BucketingKey> keys = new ArrayList<>();
    List<BucketingKey> evicted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(new BucketingKey(List.of("x".repeat(1 << 20) + i)));
      evicted.addAll(states.put(states.slot(keys.getLast()), state, 0));
    }
    assertThat(states.size()).as("in 16 MiB").isEqualTo(15);
    assertThat(evicted).isEqualTo(keys.subList(0, 25));
    keys.forEach(key -> states.remove(states.slot(key)));
    for (int i = 0; i < 10_000; i++) {
      assertThat(states.put(states.slot(new BucketingKey(List.of("key." + i))), state, 0))
          .isEmpty();
    }
  }

  private static DueSchedule<Sample> schedule() {
    return new DueSchedule<>(CODEC, Sample::at, Sample::deadline);
  }

  private static StateReader reader(BucketingKey key) {
    StateWriter writer = new StateWriter();
    writer.key(key);
    return new StateReader(writer.copy(), 0, writer.length());
  }

  private static final class Postponed {

    private final Random random;
    private final DueSchedule<Sample> schedule = schedule();
    private final KeyedStates<Sample> states = KeyedStates.due(10_000, 7, schedule);

    Postponed(Random random) {
      this.random = random;
    }

    void run() {
      int count = 2 + random.nextInt(200);
      List<Sample> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long deadline = random.nextInt(5);
        Sample state = new Sample(i, deadline + random.nextInt(5), deadline);
        all.add(state);
        states.put(states.slot(new BucketingKey(List.of(Integer.toString(100 + i)))), state, 0);
      }
      int odd = 1 + random.nextInt(20);
      schedule.postponeFirst(
          state -> {
            long by = state.number() * odd % 7 % 4;
            return new DueSchedule.DueTime(state.at() + by, state.deadline() + by);
          },
          1);
      schedule.undoPostponing();
      all.sort(
          Comparator.comparingLong(Sample::at)
              .thenComparingLong(Sample::deadline)
              .thenComparingLong(Sample::number));
      for (Sample expected : all) {
        Slot<Sample> first = states.first();
        assertThat(states.get(first, 0)).isEqualTo(expected);
        states.remove(first);
      }
    }
  }

  /** A model and the states beside it. */
  private abstract static class Beside {

    final Random random;
    final int maxKeys;
    final int variety;
    final Map<BucketingKey, Sample> model = new LinkedHashMap<>();

    /** What a store would hold: each is applied to empty states, in order. */
    final List<StateChanges<Sample>> chain = new ArrayList<>();

    /** How long a unit of time is: some trials take microseconds in all, others days. */
    final long unit;

    long clock;

    Beside(Random random) {
      this.random = random;
      this.unit = random.nextBoolean() ? 1 : 1L << random.nextInt(34);
      this.variety = random.nextInt(5) == 0 ? 2_000 : 1 + random.nextInt(60);
      this.maxKeys = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 10_000;
    }

    abstract KeyedStates<Sample> states();

    abstract void assertSame();

    /** Asserts that all changes, applied to empty states, give the same. */
    abstract void assertRestored();

    void run() {
      // Many come, then many go, so that arrays grow and shrink.
      for (int i = 0; i < 6 * variety; i++) {
        step(i < 3 * variety);
        if (i % 50 == 0) {
          assertSame();
          handOver();
        }
      }
      assertSame();
      assertRestored();
    }

    private void step(boolean isGrowing) {
      BucketingKey key = key();
      clock += random.nextInt(3) * unit;
      if (random.nextInt(2_000) == 0) {
        states().clear();
        model.clear();
      } else if (random.nextInt(5) == 0 == isGrowing) {
        states().remove(states().slot(key));
        model.remove(key);
      } else {
        put(key, state());
      }
    }

    abstract Sample state();

    private void put(BucketingKey key, Sample state) {
      List<BucketingKey> evicted = states().put(states().slot(key), state, clock);
      model.remove(key);
      model.put(key, state);
      dropLapsed();
      BucketingKey eldest = null;
      if (model.size() > maxKeys) {
        eldest = model.keySet().iterator().next();
        model.remove(eldest);
      }
      assertThat(evicted).isEqualTo(eldest == null ? List.of() : List.of(eldest));
    }

    /** Drops from the model what has lapsed. */
    void dropLapsed() {}

    BucketingKey key() {
      int index = random.nextInt(variety);
      return index < ODD.size()
          ? new BucketingKey(ODD.get(index))
          : new BucketingKey(List.of("key", Integer.toString(index)));
    }

    /** Of any length: in a cell of any size, too long for one, or not encoded at each change. */
    Sample state(long at, long deadline) {
      Instants ballast = Instants.NONE;
      if (random.nextInt(10) == 0) {
        for (int left = random.nextInt(2 * StateCodec.MAX_ENCODED); left > 0; left--) {
          ballast = ballast.with(clock + random.nextLong(1L << 60));
        }
      }
      return new Sample(random.nextInt(9), at, deadline, ballast);
    }

    private void handOver() {
      boolean all = chain.isEmpty() || random.nextInt(5) == 0;
      if (all) {
        chain.clear();
      }
      chain.add(states().handOver(all, clock));
      assertRestored();
    }

    void restoreInto(KeyedStates<Sample> restored) {
      chain.forEach(changes -> apply(changes, restored));
      apply(states().changes(false, clock), restored);
      assertThat(restored.evict(clock)).isEmpty();
    }

    private static void apply(StateChanges<Sample> changes, KeyedStates<Sample> to) {
      if (changes.isCleared()) {
        to.restoreCleared();
      }
      changes.gone().forEach(to::restoreGone);
      int changed = changes.rows() - changes.gone().size() - (changes.isCleared() ? 1 : 0);
      StateWriter writer = new StateWriter();
      for (int i = 0; i < changed; i++) {
        changes.write(i, writer.reset());
        to.restore(writer.copy());
      }
    }
  }

  private static final class Due extends Beside {

    private final DueSchedule<Sample> schedule = schedule();
    private final KeyedStates<Sample> states = KeyedStates.due(maxKeys, 7, schedule);

    /** As last told by the schedule. */
    private long next = Micros.NEVER;

    Due(Random random) {
      super(random);
      schedule.onFirstChanged(() -> next = schedule.next());
    }

    @Override
    KeyedStates<Sample> states() {
      return states;
    }

    @Override
    Sample state() {
      long deadline =
          random.nextInt(8) == 0
              ? Micros.NEVER
              : clock + random.nextInt(random.nextBoolean() ? 9 : 2_000) * unit;
      return state(deadline == Micros.NEVER ? deadline : deadline + random.nextInt(3), deadline);
    }

    @Override
    void assertSame() {
      assertThat(next).isEqualTo(schedule.next());
      assertSame(states, schedule);
    }

    @Override
    void assertRestored() {
      DueSchedule<Sample> restored = schedule();
      KeyedStates<Sample> all = KeyedStates.due(maxKeys, 7, restored);
      restoreInto(all);
      assertSame(all, restored);
    }

    private void assertSame(KeyedStates<Sample> other, DueSchedule<Sample> due) {
      assertThat(other.size()).isEqualTo(model.size());
      model.forEach((key, state) -> assertThat(other.get(other.slot(key), clock)).isEqualTo(state));
      Map.Entry<BucketingKey, Sample> first =
          model.entrySet().stream()
              .filter(entry -> entry.getValue().at() != Micros.NEVER)
              .min(
                  Comparator.<Map.Entry<BucketingKey, Sample>>comparingLong(
                          entry -> entry.getValue().at())
                      .thenComparingLong(entry -> entry.getValue().deadline())
                      .thenComparing(Map.Entry::getKey))
              .orElse(null);
      assertThat(due.next()).isEqualTo(first == null ? Micros.NEVER : first.getValue().at());
      if (first != null) {
        assertThat(other.first().key()).isEqualTo(first.getKey());
        assertThat(due.nextDeadline()).isEqualTo(first.getValue().deadline());
      }
    }
  }

  private static final class Lapsing extends Beside {

    private final KeyedStates<Sample> states = fresh();

    Lapsing(Random random) {
      super(random);
    }

    private KeyedStates<Sample> fresh() {
      return KeyedStates.lapsing(maxKeys, 7, CODEC, Sample::at);
    }

    @Override
    KeyedStates<Sample> states() {
      return states;
    }

    @Override
    Sample state() {
      long lapses = random.nextInt(8) == 0 ? Micros.NEVER : clock + random.nextInt(200) * unit;
      return state(lapses, 0);
    }

    @Override
    void dropLapsed() {
      model.values().removeIf(each -> each.at() <= clock);
    }

    @Override
    void assertSame() {
      assertSame(states);
    }

    @Override
    void assertRestored() {
      KeyedStates<Sample> restored = fresh();
      restoreInto(restored);
      assertSame(restored);
    }

    private void assertSame(KeyedStates<Sample> other) {
      dropLapsed();
      for (int i = 0; i < variety; i++) {
        BucketingKey key = key();
        assertThat(other.get(other.slot(key), clock)).isEqualTo(model.get(key));
      }
      other.dropLapsed(clock, Integer.MAX_VALUE);
      assertThat(other.size()).isEqualTo(model.size());
      model.forEach((key, state) -> assertThat(other.get(other.slot(key), clock)).isEqualTo(state));
    }
  }
}
