package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Trials;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The order of time against a sorted set, near and far, however items come and go. */
class DeadlineQueueTest {

  @Test
  void isTheOrderOfASortedSet() {
    Trials.run(300, random -> new Beside(random).run());
  }

  @Test
  void isTheOrderOfASortedSetWhereMostAreRemovedOrMovedLater() {
    Trials.run(
        30,
        random -> {
          Beside beside = new Beside(random);
          for (int i = 0; i < 20_000; i++) {
            beside.set(random.nextInt(200), i * 40_000L + random.nextInt(60_000_000));
            if (i % 100 == 0) {
              beside.assertSame();
            }
          }
          beside.drain();
        });
  }

  /** Of more than two million items in one bucket none comes out of turn. */
  @Test
  void holdsMillionsThatAreFarOff() {
    Beside beside = new Beside(new Random(1));
    int count = 2_200_000;
    for (int item = 0; item < count; item++) {
      beside.order.set(item, 86_400_000_000L + (item * 7_919L % count) * 1_000);
    }
    long before = Long.MIN_VALUE;
    for (int left = count; left > 0; left--) {
      long time = beside.order.firstTime();
      assertThat(time).isGreaterThan(before);
      before = time;
      beside.order.remove(beside.order.first());
    }
    assertThat(beside.order.isEmpty()).isTrue();
  }

  /** One that is years off among the first does not keep those that come after out of the wheel. */
  @Test
  void oneThatIsVeryFarOffDoesNotDisturbTheOthers() {
    Beside beside = new Beside(new Random(2));
    beside.set(0, 1L << 55);
    for (int item = 1; item < 3_000; item++) {
      beside.set(item, item * 50_000L);
      beside.assertSame();
    }
    beside.drain();
  }

  private record Timed(int item, long time) {}

  private static final class Beside {

    private final Random random;
    private final Map<Integer, Long> times = new HashMap<>();
    private final TreeSet<Timed> sorted =
        new TreeSet<>(Comparator.comparingLong(Timed::time).thenComparingInt(Timed::item));
    private final DeadlineQueue order =
        new DeadlineQueue(
            new DeadlineQueue.Numbered() {
              @Override
              public boolean isBefore(int item, int other) {
                return item < other;
              }
            });

    Beside(Random random) {
      this.random = random;
    }

    /** Times pass, so that what was far comes near; some are set to before. */
    void run() {
      int variety = 1 + random.nextInt(2_000);
      long reach = 1L << random.nextInt(50);
      long clock = random.nextBoolean() ? 0 : Micros.of(Event.MIN_OCCURRED);
      for (int i = 0; i < 4_000; i++) {
        clock += random.nextLong(reach / 64 + 1);
        int item = random.nextInt(variety);
        switch (random.nextInt(4)) {
          case 0 -> remove(item);
          case 1 -> drainTo(clock);
          default -> set(item, clock + random.nextLong(reach) - reach / 16);
        }
        assertSame();
      }
      drain();
    }

    void set(int item, long time) {
      forget(item);
      order.set(item, time);
      times.put(item, time);
      sorted.add(new Timed(item, time));
    }

    private void remove(int item) {
      forget(item);
      order.remove(item);
    }

    private void forget(int item) {
      Long before = times.remove(item);
      if (before != null) {
        sorted.remove(new Timed(item, before));
      }
    }

    private void drainTo(long time) {
      while (!sorted.isEmpty() && sorted.first().time() <= time) {
        assertSame();
        remove(sorted.first().item());
      }
    }

    void drain() {
      drainTo(Long.MAX_VALUE);
      assertThat(order.isEmpty()).isTrue();
    }

    void assertSame() {
      assertThat(order.isEmpty()).isEqualTo(sorted.isEmpty());
      if (!sorted.isEmpty()) {
        assertThat(order.first()).isEqualTo(sorted.first().item());
        assertThat(order.firstTime()).isEqualTo(sorted.first().time());
        Timed any = sorted.last();
        assertThat(order.holds(any.item())).isTrue();
        assertThat(order.timeOf(any.item())).isEqualTo(any.time());
      }
    }
  }
}
