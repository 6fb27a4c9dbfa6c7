package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Trials;
import dev.tocsin.triggers.runtime.EventRef;
import dev.tocsin.triggers.runtime.ProactiveState;
import dev.tocsin.triggers.runtime.ReactiveState;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.triggers.runtime.Traces;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The states of keys against plain maps, whatever is done to them and however odd the keys are. */
class KeyedStatesTest {

  private static final String IDENTITY = "4e3f6a1c-9a0b-8c2d-8e4f-5a6b7c8d9e0f";

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

  @Test
  void statesOutliveBeingWritten() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      assertSame(ReactiveState.CODEC, reactive(random));
      assertSame(ProactiveState.CODEC, proactive(random));
    }
  }

  @Test
  void identifiersThatAreNearlyCanonicalOutliveBeingWritten() {
    String canonical = "c2b4a1f0-0000-4000-8000-0123456789ab";
    for (int at = 0; at < canonical.length(); at++) {
      for (String other : List.of("A", "F", "g", "-", "_", "\u00e9", "\u0130")) {
        String id = canonical.substring(0, at) + other + canonical.substring(at + 1);
        assertSame(
            ProactiveState.CODEC, new ProactiveState.Awaiting(5, 0, 9, 0, EventRef.of(id, 0, id)));
      }
    }
  }

  /** What was postponed to the time of others has its place among them when that is undone. */
  @Test
  void theOrderHoldsWhenPostponingIsUndone() {
    Trials.run(2_000, random -> new Postponed(random).run());
  }

  @Test
  void longKeysAreGivenUpSinceTheyTakeTooMuchTogether() {
    KeyedStates<ProactiveState> states =
        KeyedStates.due(
            10_000, 7, ProactiveState.CODEC, ProactiveState::evaluated, ProactiveState::deadline);
    ProactiveState state = new ProactiveState.Awaiting(1, 0, 2, 0, null);
    List<BucketingKey> keys = new ArrayList<>();
    List<BucketingKey> givenUp = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(new BucketingKey(List.of("x".repeat(1 << 20) + i)));
      givenUp.addAll(states.put(states.seat(keys.getLast()), state, 0));
    }
    assertThat(states.size()).as("in 16 MiB").isEqualTo(15);
    assertThat(givenUp).isEqualTo(keys.subList(0, 25));
    keys.forEach(key -> states.remove(states.seat(key)));
    for (int i = 0; i < 10_000; i++) {
      assertThat(states.put(states.seat(new BucketingKey(List.of("key." + i))), state, 0))
          .isEmpty();
    }
  }

  private static final class Postponed {

    private final Random random;
    private final KeyedStates<ProactiveState> states =
        KeyedStates.due(
            10_000, 7, ProactiveState.CODEC, ProactiveState::evaluated, ProactiveState::deadline);

    Postponed(Random random) {
      this.random = random;
    }

    void run() {
      int count = 2 + random.nextInt(200);
      List<ProactiveState> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long deadline = random.nextInt(5);
        ProactiveState state = new ProactiveState.Awaiting(i, 0, deadline, random.nextInt(5), null);
        all.add(state);
        states.put(states.seat(new BucketingKey(List.of(Integer.toString(100 + i)))), state, 0);
      }
      int odd = 1 + random.nextInt(20);
      states.postponeFirst(
          state -> {
            long by = ((ProactiveState.Awaiting) state).opened() * odd % 7 % 4;
            return new KeyedStates.Due(state.evaluated() + by, state.deadline() + by);
          },
          1);
      states.scheduleAnew();
      all.sort(
          Comparator.comparingLong(ProactiveState::evaluated)
              .thenComparingLong(ProactiveState::deadline)
              .thenComparingLong(state -> ((ProactiveState.Awaiting) state).opened()));
      for (ProactiveState expected : all) {
        KeyedStates.Seat first = states.next();
        assertThat(states.get(first, 0)).isEqualTo(expected);
        states.remove(first);
      }
    }
  }

  private static <S> void assertSame(StateCodec<S> codec, S state) {
    StateWriter writer = new StateWriter();
    codec.write(state, writer);
    assertThat(codec.read(new StateReader(writer.copy(), 0, writer.length()))).isEqualTo(state);
  }

  private static StateReader reader(BucketingKey key) {
    StateWriter writer = new StateWriter();
    writer.key(key);
    return new StateReader(writer.copy(), 0, writer.length());
  }

  private static ReactiveState reactive(Random random) {
    return random.nextBoolean()
        ? new ReactiveState.Open(time(random), random.nextInt(1_000_000_000), time(random))
        : new ReactiveState.Sliding(
            instants(random),
            random.nextBoolean() ? ReactiveState.NOT_QUIET : time(random),
            time(random));
  }

  private static ProactiveState proactive(Random random) {
    long lateness = random.nextBoolean() ? 0 : random.nextLong(1L << 40);
    return random.nextBoolean()
        ? new ProactiveState.Awaiting(
            time(random), random.nextInt(3), time(random), lateness, covered(random))
        : new ProactiveState.Watching(
            instants(random),
            random.nextInt(4) == 0 ? ProactiveState.NEVER : time(random),
            lateness,
            random.nextBoolean() ? ProactiveState.NEVER : time(random),
            covered(random));
  }

  private static Instants instants(Random random) {
    Instants instants = Instants.NONE;
    for (int left = random.nextInt(5); left > 0; left--) {
      instants = instants.with(time(random));
    }
    return instants;
  }

  private static long time(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Micros.of(Event.MIN_OCCURRED);
      case 1 -> Micros.of(Event.END_OF_TIME) * 2;
      default -> Micros.of(Traces.START) + random.nextInt();
    };
  }

  private static @Nullable EventRef covered(Random random) {
    List<String> ids =
        List.of(
            "c2b4a1f0-0000-4000-8000-0123456789ab",
            "C2B4A1F0-0000-4000-8000-0123456789AB",
            "c2b4a1f0_0000-4000-8000-0123456789ab",
            "c2b4a1f0-0000-4000-8000-0123456789é",
            "x",
            "\ud83d\ude00".repeat(200));
    String id = ids.get(random.nextInt(ids.size()));
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> EventRef.of(id, 0, id);
      default -> EventRef.of(id, random.nextInt(20), ids.get(random.nextInt(ids.size())));
    };
  }

  /** A model and the states beside it. */
  private abstract static class Beside {

    final Random random;
    final int maxKeys;
    final int variety;
    final Map<BucketingKey, ProactiveState> model = new LinkedHashMap<>();
    final List<StatePage> chain = new ArrayList<>();

    /** How long a unit of time is: some trials take microseconds in all, others days. */
    final long unit;

    long clock;

    Beside(Random random) {
      this.random = random;
      this.unit = random.nextBoolean() ? 1 : 1L << random.nextInt(34);
      this.variety = random.nextInt(5) == 0 ? 2_000 : 1 + random.nextInt(60);
      this.maxKeys = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : 10_000;
    }

    abstract KeyedStates<ProactiveState> states();

    abstract KeyedStates<ProactiveState> fresh();

    abstract void assertSame(KeyedStates<ProactiveState> states);

    void run() {
      // Many come, then many go, so that arrays grow and shrink.
      for (int i = 0; i < 6 * variety; i++) {
        step(i < 3 * variety);
        if (i % 50 == 0) {
          assertSame(states());
          handOver();
        }
      }
      assertSame(states());
      assertRestored();
    }

    private void step(boolean isGrowing) {
      BucketingKey key = key();
      clock += random.nextInt(3) * unit;
      if (random.nextInt(2_000) == 0) {
        states().clear();
        model.clear();
      } else if (random.nextInt(5) == 0 == isGrowing) {
        states().remove(states().seat(key));
        model.remove(key);
      } else {
        put(key);
      }
    }

    abstract void put(BucketingKey key);

    BucketingKey key() {
      int index = random.nextInt(variety);
      return index < ODD.size()
          ? new BucketingKey(ODD.get(index))
          : new BucketingKey(List.of("key", Integer.toString(index)));
    }

    /** What a store would do with it. */
    private void handOver() {
      boolean all = chain.isEmpty() || random.nextInt(5) == 0;
      if (all) {
        chain.clear();
      }
      StatePage.pages(List.of(new StatePage.Rows.OfKeys(IDENTITY, states().handOver(all, clock))))
          .forEach(chain::add);
      assertRestored();
    }

    private void assertRestored() {
      KeyedStates<ProactiveState> restored = fresh();
      for (StatePage page : chain) {
        page.visit(new Into(restored));
      }
      StatePage.pages(List.of(new StatePage.Rows.OfKeys(IDENTITY, states().changes(false, clock))))
          .forEach(page -> page.visit(new Into(restored)));
      assertThat(restored.settle(clock)).isEmpty();
      assertSame(restored);
    }
  }

  private static final class Due extends Beside {

    private final KeyedStates<ProactiveState> states = fresh();

    Due(Random random) {
      super(random);
    }

    @Override
    KeyedStates<ProactiveState> states() {
      return states;
    }

    @Override
    KeyedStates<ProactiveState> fresh() {
      return KeyedStates.due(
          maxKeys, 7, ProactiveState.CODEC, ProactiveState::evaluated, ProactiveState::deadline);
    }

    @Override
    void put(BucketingKey key) {
      long deadline =
          random.nextInt(8) == 0
              ? ProactiveState.NEVER
              : clock + random.nextInt(random.nextBoolean() ? 9 : 2_000) * unit;
      ProactiveState state = state(deadline);
      List<BucketingKey> givenUp = states.put(states.seat(key), state, clock);
      model.remove(key);
      model.put(key, state);
      BucketingKey eldest = null;
      if (model.size() > maxKeys) {
        eldest = model.keySet().iterator().next();
        model.remove(eldest);
      }
      assertThat(givenUp).isEqualTo(eldest == null ? List.of() : List.of(eldest));
    }

    /** Of any length: in a cell of any size, too long for one, or not written at each change. */
    private ProactiveState state(long deadline) {
      if (random.nextInt(10) > 0) {
        return new ProactiveState.Awaiting(
            clock, random.nextInt(9), deadline, random.nextInt(3), covered(random));
      }
      Instants many = Instants.NONE;
      for (int left = random.nextInt(2 * StateCodec.MOST_WRITTEN); left > 0; left--) {
        many = many.with(clock + left);
      }
      return new ProactiveState.Watching(
          many, deadline, random.nextInt(3), ProactiveState.NEVER, covered(random));
    }

    @Override
    void assertSame(KeyedStates<ProactiveState> states) {
      assertThat(states.size()).isEqualTo(model.size());
      model.forEach(
          (key, state) -> assertThat(states.get(states.seat(key), clock)).isEqualTo(state));
      Map.Entry<BucketingKey, ProactiveState> first =
          model.entrySet().stream()
              .filter(entry -> entry.getValue().evaluated() != ProactiveState.NEVER)
              .min(
                  Comparator.<Map.Entry<BucketingKey, ProactiveState>>comparingLong(
                          entry -> entry.getValue().evaluated())
                      .thenComparingLong(entry -> entry.getValue().deadline())
                      .thenComparing(Map.Entry::getKey))
              .orElse(null);
      assertThat(states.nextDue())
          .isEqualTo(first == null ? KeyedStates.NEVER : first.getValue().evaluated());
      if (first != null) {
        assertThat(states.next().key()).isEqualTo(first.getKey());
        assertThat(states.nextDeadline()).isEqualTo(first.getValue().deadline());
      }
    }
  }

  private static final class Lapsing extends Beside {

    private final KeyedStates<ProactiveState> states = fresh();

    Lapsing(Random random) {
      super(random);
    }

    @Override
    KeyedStates<ProactiveState> states() {
      return states;
    }

    @Override
    KeyedStates<ProactiveState> fresh() {
      return KeyedStates.lapsing(maxKeys, 7, ProactiveState.CODEC, ProactiveState::deadline);
    }

    @Override
    void put(BucketingKey key) {
      long lapses = random.nextInt(8) == 0 ? KeyedStates.NEVER : clock + random.nextInt(200) * unit;
      ProactiveState state = new ProactiveState.Awaiting(clock, 0, lapses, 0, null);
      List<BucketingKey> givenUp = states.put(states.seat(key), state, clock);
      model.remove(key);
      model.put(key, state);
      model.values().removeIf(each -> each.deadline() <= clock);
      BucketingKey eldest = null;
      if (model.size() > maxKeys) {
        eldest = model.keySet().iterator().next();
        model.remove(eldest);
      }
      assertThat(givenUp).isEqualTo(eldest == null ? List.of() : List.of(eldest));
    }

    @Override
    void assertSame(KeyedStates<ProactiveState> states) {
      model.values().removeIf(each -> each.deadline() <= clock);
      for (int i = 0; i < variety; i++) {
        BucketingKey key = key();
        assertThat(states.get(states.seat(key), clock)).isEqualTo(model.get(key));
      }
      states.dropLapsed(clock, Integer.MAX_VALUE);
      assertThat(states.size()).isEqualTo(model.size());
      model.forEach(
          (key, state) -> assertThat(states.get(states.seat(key), clock)).isEqualTo(state));
    }
  }

  /** Restores into states. */
  private record Into(KeyedStates<?> states) implements StatePage.Visitor {

    @Override
    public void owner(String identity) {
      assertThat(identity).isEqualTo(IDENTITY);
    }

    @Override
    public void cleared() {
      states.restoreCleared();
    }

    @Override
    public void gone(byte[] key) {
      states.restoreGone(key);
    }

    @Override
    public void key(byte[] packed) {
      states.restore(packed);
    }

    @Override
    public void evaluated(long high, long low, long clock) {
      throw new AssertionError("no id was evaluated");
    }
  }
}
