package dev.tocsin.benchmarks.windows;

import dev.tocsin.triggers.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A first event of one key after the other, in an order that is not that of their names, and, nine
 * times of ten, the second at some time within the window. When all had their turn and the windows
 * are over, it begins anew. So deadlines come due as steadily as events come.
 */
final class FollowedStream implements KeyedStream {

  /** The keys' turns take so many windows. */
  private static final double TURNS = 1.1;

  private static final int STRIDE = 7_919;
  private static final int FOLLOWED_OF_TEN = 9;

  private final int keys;
  private final long step;
  private final int window;
  private final SplittableRandom random = new SplittableRandom(1);

  /** The keys that are followed in each of the next steps, one chain of keys for each. */
  private final int[] chains;

  private final int[] nextInChain;
  private final ArrayDeque<Event> ready = new ArrayDeque<>();
  private long turn;

  FollowedStream(int keys, Duration within) {
    if (keys % STRIDE == 0) {
      throw new IllegalArgumentException("not every key would have its turn");
    }
    this.keys = keys;
    long micros = within.toMillis() * 1_000;
    this.step = Math.max(1, (long) (micros * TURNS / keys));
    this.window = (int) (micros / step);
    this.chains = new int[window];
    this.nextInChain = new int[keys];
    Arrays.fill(chains, -1);
  }

  @Override
  public Event next() {
    while (ready.isEmpty()) {
      takeTurn();
    }
    return ready.remove();
  }

  private void takeTurn() {
    long micros = turn * step;
    int at = (int) (turn % window);
    int followed = chains[at];
    chains[at] = -1;
    while (followed >= 0) {
      ready.add(KeyedWork.second(followed, micros, random));
      followed = nextInChain[followed];
    }
    int key = (int) (turn * STRIDE % keys);
    ready.add(KeyedWork.first(key, micros, random));
    if (random.nextInt(10) < FOLLOWED_OF_TEN) {
      int then = (int) ((turn + 1 + random.nextInt(window - 1)) % window);
      nextInChain[key] = chains[then];
      chains[then] = key;
    }
    turn++;
  }
}
