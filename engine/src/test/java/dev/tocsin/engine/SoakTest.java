package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Virtual days at full speed, with faults at random: each ends with all that is promised, and the
 * process does not grow. {@code -Dtocsin.soak.length=PT1H} says how long, {@code
 * -Dtocsin.soak.seed} which days.
 */
@Tag("long")
class SoakTest {

  private static final Duration LENGTH =
      Duration.parse(System.getProperty("tocsin.soak.length", "PT1M"));
  private static final long SEED = Long.getLong("tocsin.soak.seed", new Random().nextLong());

  /** Days before the code is warm, and least that are compared. */
  private static final int WARM = 2;

  private static final int COMPARED = 3;

  @TempDir Path folder;

  /** What the process holds. */
  private record Held(long heap, long files) {
    static Held now() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Held(
          runtime.totalMemory() - runtime.freeMemory(),
          ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getOpenFileDescriptorCount());
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void daysOfFaultsLoseNothingAndLeaveNothingBehind() throws Exception {
    Random seeds = new Random(SEED);
    System.out.printf("Soak of %s, seed %d%n", LENGTH, SEED);
    long end = System.nanoTime() + LENGTH.toNanos();
    List<Held> held = new ArrayList<>();
    SoakDay.Faults faults = new SoakDay.Faults();
    int firings = 0;
    while (held.size() < WARM + COMPARED || System.nanoTime() < end) {
      firings += new SoakDay(folder.resolve("day-" + held.size()), seeds.nextLong(), faults).pass();
      held.add(Held.now());
    }
    System.out.printf(
        "%d days, %d firings, %s; heap %s MB, files %s%n",
        held.size(),
        firings,
        faults,
        held.stream().map(each -> each.heap() >> 20).toList(),
        held.stream().map(Held::files).toList());
    int half = WARM + (held.size() - WARM) / 2;
    List<Held> before = held.subList(WARM, half);
    List<Held> after = held.subList(half, held.size());
    // The least of each: what is still in use, without what has only not been collected yet.
    assertThat(least(after, Held::heap))
        .as("heap in bytes, before and after half of the days")
        .isLessThan(least(before, Held::heap) * 3 / 2);
    assertThat(least(after, Held::files))
        .as("open files, before and after half of the days")
        .isLessThanOrEqualTo(least(before, Held::files) + 10);
  }

  private static long least(List<Held> held, ToLongFunction<Held> figure) {
    return held.stream().mapToLong(figure).min().orElseThrow();
  }
}
