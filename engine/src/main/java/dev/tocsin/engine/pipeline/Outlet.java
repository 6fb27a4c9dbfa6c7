package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreAccess;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Lets subscribers read the journal as it is committed. The writer thread only announces the latest
 * sequence number; each subscriber reads pages from the store as it asks for more. So a slow one
 * delays nobody, and at most two of its pages are in memory however long it is stuck.
 */
public final class Outlet {

  /** How many entries are read at a time, fewer if they are large. */
  static final int PAGE = 100;

  private final Store store;
  private final StoreAccess access;
  private final Scheduler reads;
  private final Sinks.Many<Long> committed = Sinks.many().replay().latest();
  private final Sinks.Empty<Void> closed = Sinks.empty();

  /** Announces nothing yet; the store may block on {@code reads}. */
  Outlet(Store store, Scheduler reads) {
    this.store = store;
    this.reads = reads;
    this.access = new StoreAccess("subscriptions", reads);
  }

  /**
   * The entries with a higher sequence number than this one, each once and in order, those of the
   * past first. Entries that retention has dropped are skipped. Completes when the engine stops.
   */
  public Flux<JournalEntry> after(long sequence) {
    return Flux.defer(() -> pages(new AtomicLong(sequence)))
        .concatMapIterable(page -> page, 1)
        .takeUntilOther(closed.asMono());
  }

  /** All entries up to this one are durable. One thread at a time. */
  void committed(long sequence) {
    committed.emitNext(sequence, Sinks.EmitFailureHandler.FAIL_FAST);
  }

  /** Ends all subscriptions, and those to come. */
  void close() {
    var _ = closed.tryEmitEmpty();
  }

  private Flux<List<JournalEntry>> pages(AtomicLong position) {
    return committed
        .asFlux()
        .filter(upTo -> upTo > position.get())
        .next()
        .publishOn(reads)
        .flatMap(upTo -> access.attempt(() -> page(position, upTo)))
        .repeat();
  }

  private List<JournalEntry> page(AtomicLong position, long upTo) {
    List<JournalEntry> page = store.entries(position.get(), PAGE);
    position.set(page.isEmpty() ? upTo : page.getLast().sequence());
    return page;
  }
}
