package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.Checkpoint;
import dev.tocsin.triggers.runtime.Declaration;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.triggers.runtime.Step;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/**
 * Trigger state after a restart: the last checkpoint, and the journal after it evaluated again.
 * What those entries fired was committed with them, so their firings are not looked at.
 */
final class Recovery {

  private static final int PAGE = 1_000;
  private static final int STATE_PAGES = 20;

  private final List<Declaration> declarations;
  private final RuntimeSettings settings;
  private final String loopDetected;
  private String basis = "";

  /** For these triggers, under this namespace of the engine's own events. */
  Recovery(List<Declaration> declarations, RuntimeSettings settings, String namespace) {
    this.declarations = List.copyOf(declarations);
    this.settings = settings;
    this.loopDetected = namespace + ".automation.loop.detected";
  }

  /**
   * The runtime as it stands after the store's last entry; triggers that were not in force then
   * take nothing in before {@link TriggerRuntime#activateNew}.
   *
   * @param now when it begins, if the store is new
   */
  TriggerRuntime recover(Store store, Instant now) {
    Store.Checkpoint latest = store.checkpoint();
    if (latest == null) {
      // Every start saves one before the first entry: what there may be was imported, as history.
      return new TriggerRuntime(declarations, settings, now);
    }
    long after = latest.sequence();
    basis = after + "@" + latest.clock();
    TriggerRuntime runtime = TriggerRuntime.restore(declarations, settings, read(latest, store));
    new ReadAhead<>(from -> store.journal(from, PAGE), Store.JournalEntry::sequence, after)
        .forEachRemaining(entry -> evaluateAgain(entry, runtime));
    return runtime;
  }

  /** Names the checkpoint that the recovery began with; empty where the store was new. */
  String basis() {
    return basis;
  }

  /** What an event does, as the newest entry. */
  Step evaluate(Event event, TriggerRuntime runtime) {
    // What tells of a loop triggers nothing, and is an entry all the same.
    return event.name().equals(loopDetected)
        ? runtime.advanceTo(event.received())
        : runtime.offer(event, event.received());
  }

  /** The head, and pages that are read from the store some at a time. */
  private static Checkpoint read(Store.Checkpoint stored, Store store) {
    return CheckpointHead.read(stored.clock(), stored.head(), store::event)
        .checkpoint()
        .with(() -> new StatePages(stored, store));
  }

  private record StatePages(ReadAhead<Store.CheckpointPage> pages) implements Iterator<StatePage> {

    StatePages(Store.Checkpoint stored, Store store) {
      this(
          new ReadAhead<>(
              after -> store.checkpointPages(after, stored.last(), STATE_PAGES),
              Store.CheckpointPage::place,
              stored.first() - 1));
    }

    @Override
    public boolean hasNext() {
      return pages.hasNext();
    }

    @Override
    public StatePage next() {
      return pages.next().page();
    }
  }

  private void evaluateAgain(Store.JournalEntry entry, TriggerRuntime runtime) {
    switch (entry) {
      case Store.JournalEntry.EventEntry taken -> evaluate(taken.event(), runtime);
      case Store.JournalEntry.TickEntry tick -> runtime.advanceTo(tick.received());
      case Store.JournalEntry.PauseEntry pause ->
          runtime.setActive(pause.automation(), !pause.paused(), pause.received());
      case Store.JournalEntry.BlindEntry blind -> runtime.blind(blind.from(), blind.until());
    }
  }
}
