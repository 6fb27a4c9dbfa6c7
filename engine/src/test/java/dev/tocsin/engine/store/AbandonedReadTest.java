package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Event;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list that nobody waits for, and one that is read when the store closes. */
class AbandonedReadTest {

  private static final EventQuery ALL = new EventQuery("!?", null, null, null, 10, null);

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Stores.open(folder);
    store.commit(
        accepted(
            1,
            IntStream.range(0, 5_000)
                .mapToObj(i -> event("e" + i, NOON.plusSeconds(i), "name", "r"))
                .toArray(Event[]::new)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aReadStopsWhereItIsAbandonedAndTheNextIsWhole() {
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(() -> store.events(ALL, () -> asked.incrementAndGet() == 5))
        .isInstanceOf(StoreException.class);
    assertThat(asked).hasValue(5);
    assertThat(store.events(ALL).total()).isEqualTo(5_000);
  }

  @Test
  void aStoreThatClosesStopsItsReads() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Thread closer = new Thread(store::close);
    assertThatThrownBy(
            () ->
                store.events(
                    ALL,
                    () -> {
                      if (asked.incrementAndGet() == 5) {
                        startAndAwaitWaiting(closer);
                      }
                      return false;
                    }))
        .isInstanceOf(StoreException.class);
    assertThat(asked.get()).isLessThan(10);
    closer.join();
  }

  private static void startAndAwaitWaiting(Thread closer) {
    closer.start();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void laterPagesDoNotCountAgain() {
    EventPage first = store.events(ALL);
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger askedAgain = new AtomicInteger();
    EventQuery next = new EventQuery("!?", null, null, null, 10, first.next());
    store.events(ALL, () -> asked.incrementAndGet() < 0);
    EventPage second = store.events(next, () -> askedAgain.incrementAndGet() < 0);
    assertThat(second.total()).isEqualTo(5_000);
    assertThat(askedAgain.get()).isLessThan(asked.get() / 2);
  }
}
