package dev.tocsin.engine.pipeline;

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
 * Trigger state after a restart: the last checkpoint, and the journal after it evaluated again.
 * What those entries fired was committed with them, so their firings are not looked at.
 */
final class Recovery {

  private static final int PAGE = 1_000;
  private static final int STATE_PAGES = 20;

  private final List<Declaration> declarations;
  private final RuntimeSettings settings;
  private final String namespace;
  private String basis = "";

  /** For these triggers, under this namespace of the engine's own events. */
  Recovery(List<Declaration> declarations, RuntimeSettings settings, String namespace) {
    this.declarations = List.copyOf(declarations);
    this.settings = settings;
    this.namespace = namespace;
  }

  /**
   * The state after the store's last entry; triggers that were not in force then take nothing in
   * before {@link EntryEvaluation#activateNew}.
   *
   * @param now when it begins, if the store is new
   */
  EntryEvaluation recover(Store store, Instant now) {
    StoredCheckpoint latest = store.checkpoint();
    if (latest == null) {
      // Every start saves one before the first entry: what there may be was imported, as history.
      return new EntryEvaluation(new TriggerRuntime(declarations, settings, now), namespace);
    }
    long after = latest.sequence();
    basis = after + "@" + latest.clock();
    EntryEvaluation state =
        new EntryEvaluation(
            TriggerRuntime.restore(declarations, settings, read(latest, store)), namespace);
    new ReadAhead<>(from -> store.journal(from, PAGE), JournalEntry::sequence, after)
        .forEachRemaining(state::apply);
    return state;
  }

  /** Names the checkpoint that the recovery began with; empty where the store was new. */
  String basis() {
    return basis;
  }

  /** The head, and pages that are read from the store some at a time. */
  private static Checkpoint read(StoredCheckpoint stored, Store store) {
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
