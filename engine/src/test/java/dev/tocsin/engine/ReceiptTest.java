package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Receipts never descend, whatever the host's clock does. */
class ReceiptTest {

  private static final String ECHO =
      """
      - id: echo
        name: echo
        trigger: {expect: [x, prefect-cloud.automation.action.executed], threshold: 1}
        actions: [{type: do-nothing}]
      """;

  @TempDir Path folder;

  @Test
  void theHostsClockMayStepBack() throws Exception {
    Stepped timers = new Stepped();
    try (TestDaemon daemon = start(timers)) {
      daemon.send(TestDaemon.event("x1", "x", 1));
      daemon.await("*.loop.detected", 1);
      timers.step(Duration.ofDays(-1));
      daemon.send(TestDaemon.event("after", "other", 2));
    }
    timers.step(Duration.ofDays(-1));
    try (TestDaemon daemon = start(timers)) {
      daemon.send(TestDaemon.event("restarted", "other", 3));
      timers.step(Duration.ofDays(3));
      daemon.send(TestDaemon.event("later", "other", 4));
    }
    try (Store store = Stores.open(folder.resolve("data"))) {
      assertThat(store.entries(0, 100)).extracting(JournalEntry::received).isSorted();
      assertThat(store.entries(0, 100))
          .filteredOn(JournalEntry.EventEntry.class::isInstance)
          .extracting(entry -> ((JournalEntry.EventEntry) entry).event().name())
          .filteredOn(name -> !name.endsWith(".engine.blind"))
          .hasSize(8);
    }
  }

  private TestDaemon start(Scheduler timers) throws Exception {
    return TestDaemon.start(folder, ECHO, timers, store -> store, "max_causal_depth=1");
  }

  /** Real timers whose time of day can be set. */
  private static final class Stepped implements Scheduler {

    private final Scheduler real = Schedulers.parallel();
    private final AtomicLong offset = new AtomicLong();

    void step(Duration by) {
      offset.addAndGet(by.toMillis());
    }

    @Override
    public long now(TimeUnit unit) {
      long millis = real.now(TimeUnit.MILLISECONDS) + offset.get();
      return unit.convert(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
      return real.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return real.schedule(task, delay, unit);
    }

    @Override
    public Worker createWorker() {
      return real.createWorker();
    }
  }
}
