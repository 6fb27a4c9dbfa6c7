package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.store.CheckpointPage;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoredCheckpoint;
import dev.tocsin.triggers.runtime.Checkpoint;
import dev.tocsin.triggers.runtime.Declaration;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/**
 * Trigger state after a restart: that of the last checkpoint, with the automations that were in
 * force then, and every entry after it applied again. What those entries caused was committed with
 * them, so their steps are ignored.
 */
final class Recovery {

  private static final int PAGE = 1_000;
  private static final int STATE_PAGES = 20;

  private final Store store;
  private final Automations automations;
  private final RuntimeSettings settings;
  private final String namespace;

  /**
   * Reads this store.
   *
   * @param automations those in force at the end of the journal are put in it
   * @param namespace of the engine's own events
   */
  Recovery(Store store, Automations automations, RuntimeSettings settings, String namespace) {
    this.store = store;
    this.automations = automations;
    this.settings = settings;
    this.namespace = namespace;
  }

  /**
   * The state after the store's last entry.
   *
   * @param now when it begins, if the store is new
   */
  EntryEvaluation recover(Instant now) {
    StoredCheckpoint latest = store.checkpoint();
    if (latest == null) {
      // Every start saves one before it accepts events: earlier entries were imported, as history.
      automations.putDeclaredBy(store.inForce(store.lastSequence()));
      return evaluation(new TriggerRuntime(declarations(), settings, now));
    }
    automations.putDeclaredBy(store.inForce(latest.sequence()));
    EntryEvaluation state =
        evaluation(TriggerRuntime.restore(declarations(), settings, read(latest)));
    new ReadAhead<>(from -> store.entries(from, PAGE), JournalEntry::sequence, latest.sequence())
        .forEachRemaining(state::apply);
    return state;
  }

  private List<Declaration> declarations() {
    return automations.inForce().all().declarations();
  }

  private EntryEvaluation evaluation(TriggerRuntime runtime) {
    return new EntryEvaluation(runtime, automations, namespace);
  }

  /** The head, and pages that are read from the store some at a time. */
  private Checkpoint read(StoredCheckpoint stored) {
    return CheckpointHead.read(stored.clock(), stored.head(), store::event)
        .checkpoint()
        .with(() -> new StatePages(stored, store));
  }

  private record StatePages(ReadAhead<CheckpointPage> pages) implements Iterator<StatePage> {

    StatePages(StoredCheckpoint stored, Store store) {
      this(
          new ReadAhead<>(
              after -> store.checkpointPages(after, stored.last(), STATE_PAGES),
              CheckpointPage::place,
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
}
