package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real daemon in small heaps, under attacks in random order, with kills and stops between. At
 * the end of each life all that is promised holds. {@code -Dtocsin.attack.length=PT1H} says how
 * long, {@code -Dtocsin.attack.seed} repeats a run, {@code -Dtocsin.attack.only=large keys,…} names
 * the attacks.
 */
@Tag("long")
class AttackTest {

  private static final Duration LENGTH =
      Duration.parse(System.getProperty("tocsin.attack.length", "PT1M"));

  /** A run of the default length is the same each time; a longer one draws anew. */
  private static final long SEED =
      Long.getLong(
          "tocsin.attack.seed",
          LENGTH.compareTo(Duration.ofMinutes(1)) > 0 ? new Random().nextLong() : 31_415);

  private static final Set<String> ONLY =
      Set.of(System.getProperty("tocsin.attack.only", "").split(",", -1));

  private static final List<Integer> HEAPS = List.of(128, 256, 512);
  private static final int MAX_ATTACKS_OF_A_LIFE = 3;

  /** Maximum number of lines of log that the attacks of an hour may cause. */
  private static final int LINES = 200;

  @TempDir Path folder;

  private final AttackTable table = new AttackTable();
  private final Deque<Attack> deck = new ArrayDeque<>();

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void nothingThatIsDoneToItStopsIt() throws Exception {
    Random random = new Random(SEED);
    System.out.printf("Attacks for %s, seed %d%n", LENGTH, SEED);
    long end = System.nanoTime() + LENGTH.toNanos();
    int lives = 0;
    while (lives == 0 || System.nanoTime() < end) {
      live(folder.resolve("life-" + lives++), random);
    }
    System.out.printf(
        "%d lives, %d lines of log caused by attacks%n%s", lives, table.lines(), table);
    table.faults().forEach(System.out::println);
    assertThat(table.faults()).as("seed %d", SEED).isEmpty();
    assertThat(table.lines()).as("lines of log").isLessThan(LINES * (1 + LENGTH.toHours()));
  }

  /** One data folder, some attacks; whatever is wrong ends it. */
  private void live(Path home, Random random) throws Exception {
    int megabytes = HEAPS.get(random.nextInt(HEAPS.size()));
    List<Attack> attacks = draw(random);
    boolean loaded = attacks.stream().allMatch(Attack::keepsFirings);
    try (Life life = new Life(home, megabytes, random, attacks, loaded)) {
      Oracle oracle = new Oracle(life, megabytes);
      if (!table.add(oracle.start())) {
        return;
      }
      for (Attack attack : attacks) {
        if (!table.add(oracle.strike(attack))) {
          return;
        }
        if (random.nextBoolean() && !table.add(oracle.restart(attack.name()))) {
          return;
        }
      }
      table.add(oracle.judge(attacks, home.resolve("undisturbed")));
    }
  }

  /** The next of a shuffled deck of all attacks; one that spoils the firings comes alone. */
  private List<Attack> draw(Random random) {
    if (deck.isEmpty()) {
      deck.addAll(shuffled(random));
    }
    List<Attack> drawn = new ArrayList<>(List.of(deck.remove()));
    int count = 1 + random.nextInt(MAX_ATTACKS_OF_A_LIFE);
    while (drawn.size() < count
        && !deck.isEmpty()
        && drawn.getLast().keepsFirings()
        && deck.element().keepsFirings()) {
      drawn.add(deck.remove());
    }
    return drawn;
  }

  private static List<Attack> shuffled(Random random) {
    List<Attack> attacks = new ArrayList<>(Attack.all());
    attacks.removeIf(attack -> !ONLY.contains("") && !ONLY.contains(attack.name()));
    Collections.shuffle(attacks, random);
    return attacks;
  }
}
