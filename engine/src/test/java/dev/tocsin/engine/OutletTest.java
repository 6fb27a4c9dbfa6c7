package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/** Subscribers of the journal: each entry once, in order, at the pace of each. */
class OutletTest {

  private static final int EVENTS = 1_000;

  @TempDir Path folder;

  /** Asks for one entry, and for all others only when it is told to. */
  private static final class Stuck extends BaseSubscriber<JournalEntry> {

    private final List<Long> sequences = new ArrayList<>();
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();
    private final CompletableFuture<List<Long>> all = new CompletableFuture<>();
    private final int count;

    Stuck(int count) {
      this.count = count;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(1);
    }

    @Override
    protected void hookOnNext(JournalEntry entry) {
      sequences.add(entry.sequence());
      first.complete(true);
      if (sequences.size() == count) {
        all.complete(List.copyOf(sequences));
      }
    }
  }

  @Test
  void aStuckSubscriberCostsNothingAndLaterSeesEachEntryOnceInOrder() throws Exception {
    AtomicInteger pagesRead = new AtomicInteger();
    try (TestDaemon daemon =
        TestDaemon.start(
            folder,
            "  []",
            Schedulers.parallel(),
            store ->
                WatchedStore.of(
                    store,
                    method -> {
                      if (method.equals("entries")) {
                        pagesRead.incrementAndGet();
                      }
                    }))) {
      Stuck stuck = new Stuck(EVENTS);
      daemon.outlet().after(0).subscribe(stuck);
      daemon.send(TestDaemon.event("0", "x", 0));
      stuck.first.join();
      for (int i = 1; i < EVENTS; i++) {
        daemon.send(TestDaemon.event(Integer.toString(i), "x", i));
      }
      assertThat(pagesRead.get()).as("pages read while it is stuck").isLessThanOrEqualTo(3);
      stuck.requestUnbounded();
      assertThat(stuck.all.join())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, EVENTS).boxed().toList());
    }
  }

  @Test
  void oneBeginsWhereItWants() throws Exception {
    try (TestDaemon daemon = TestDaemon.start(folder, "  []")) {
      for (int i = 0; i < 10; i++) {
        daemon.send(TestDaemon.event(Integer.toString(i), "x", i));
      }
      CompletableFuture<@Nullable List<Long>> read =
          daemon.outlet().after(7).map(JournalEntry::sequence).take(3).collectList().toFuture();
      assertThat(read.join()).containsExactly(8L, 9L, 10L);
    }
  }

  @Test
  void allEndWhenTheEngineStops() throws Exception {
    CompletableFuture<@Nullable List<Long>> read;
    try (TestDaemon daemon = TestDaemon.start(folder, "  []")) {
      daemon.send(TestDaemon.event("e1", "x", 1));
      read = daemon.outlet().after(0).map(JournalEntry::sequence).collectList().toFuture();
    }
    assertThat(read.join()).isSubsetOf(1L, 2L);
  }
}
