package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.store.CheckpointPage;
import dev.tocsin.engine.store.DecisionSettings;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import dev.tocsin.engine.store.StoredCheckpoint;
import dev.tocsin.engine.store.UnreadableCheckpointException;
import dev.tocsin.engine.store.UnreadableRow;
import dev.tocsin.triggers.runtime.Declaration;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.triggers.runtime.TriggerRuntime;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trigger state after a restart: that of the last checkpoint, with the automations that were in
 * force then, and every entry after it applied again. What those entries caused was committed with
 * them, so their steps are ignored.
 */
final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private static final int PAGE = 1_000;
  private static final int STATE_PAGES = 20;

  private final Store store;
  private final Automations automations;
  private final RuntimeSettings settings;
  private final String namespace;
  private final StartProgress progress;

  /**
   * Reads this store.
   *
   * @param settings of this start: they count only if the store has none, and for the seed
   * @param automations those in force at the end of the journal are put in it
   * @param namespace of the engine's own events
   */
  Recovery(
      Store store,
      Automations automations,
      RuntimeSettings settings,
      String namespace,
      StartProgress progress) {
    this.store = store;
    this.automations = automations;
    this.settings = settings;
    this.namespace = namespace;
    this.progress = progress;
  }

  /**
   * The state after the store's last entry.
   *
   * @param now when it begins, if the store is new
   * @throws StoreException if the checkpoint cannot be read, and entries that it contains were
   *     dropped
   */
  EntryEvaluation recover(Instant now) {
    try {
      StoredCheckpoint latest = store.checkpoint();
      if (latest == null) {
        // Every start saves one before it accepts events: earlier entries were imported, as
        // history.
        automations.putDeclaredBy(store.inForce(store.lastSequence()));
        return evaluation(new TriggerRuntime(declarations(), settings, now));
      }
      return after(latest.sequence(), restored(latest));
    } catch (UnreadableCheckpointException e) {
      return withoutCheckpoint(e);
    }
  }

  private EntryEvaluation restored(StoredCheckpoint latest) {
    automations.putDeclaredBy(store.inForce(latest.sequence()));
    try {
      return read(latest);
    } catch (StoreException | UnreadableCheckpointException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnreadableCheckpointException(String.valueOf(e.getMessage()));
    }
  }

  private EntryEvaluation after(long sequence, EntryEvaluation state) {
    long last = store.lastSequence();
    entries(sequence)
        .forEachRemaining(
            entry -> {
              var _ = state.apply(entry);
              progress.report(
                  () ->
                      "evaluated entry %,d of %,d, trigger state was saved after %,d"
                          .formatted(entry.sequence(), last, sequence));
            });
    return state;
  }

  private ReadAhead<JournalEntry> entries(long after) {
    return new ReadAhead<>(from -> store.entries(from, PAGE), JournalEntry::sequence, after);
  }

  /** The whole journal evaluated again, from the first start on. */
  private EntryEvaluation withoutCheckpoint(UnreadableCheckpointException failure) {
    long dropped = store.droppedUpTo();
    if (dropped > 0) {
      throw new StoreException(
          ("The checkpoint of trigger state in %s cannot be read: %s. Retention has dropped the"
               + " entries up to %d, so the state cannot be evaluated from the journal. Restore a"
               + " backup; or run 'tocsin store repair', and all triggers start without state")
              .formatted(store.description(), failure.getMessage(), dropped));
    }
    store
        .unreadable()
        .add(new UnreadableRow("checkpoint", "1", String.valueOf(failure.getMessage())));
    LOG.warn("Trigger state is evaluated from the whole journal, which takes longer.");
    automations.putDeclaredBy(List.of());
    JournalEntry first = firstOfARun();
    if (first == null) {
      throw new StoreException(
          "The checkpoint of trigger state in %s cannot be read, and no entry of a run is in the"
                  .formatted(store.description())
              + " journal. Restore a backup");
    }
    return after(
        first.sequence() - 1,
        evaluation(new TriggerRuntime(List.of(), settings, first.received())));
  }

  /** Imported entries are events, and a start begins with an entry of another kind. */
  private @Nullable JournalEntry firstOfARun() {
    ReadAhead<JournalEntry> entries = entries(0);
    while (entries.hasNext()) {
      JournalEntry entry = entries.next();
      if (!(entry instanceof JournalEntry.EventEntry)) {
        return entry;
      }
    }
    return null;
  }

  private List<Declaration> declarations() {
    return automations.inForce().all().declarations();
  }

  private EntryEvaluation evaluation(TriggerRuntime runtime) {
    DecisionSettings none = new DecisionSettings(settings, TriggerRuntime.UNBOUNDED, namespace);
    return new EntryEvaluation(runtime, automations, none);
  }

  /** The head, and pages that are read from the store some at a time. */
  private EntryEvaluation read(StoredCheckpoint stored) {
    CheckpointHead head = CheckpointHead.read(stored.clock(), stored.head(), store::event);
    TriggerRuntime runtime =
        TriggerRuntime.restore(
            declarations(),
            head.settings().runtime().withTableSeed(settings.tableSeed()),
            head.checkpoint().with(() -> new StatePages(stored, store)));
    return new EntryEvaluation(runtime, automations, head.settings());
  }

  private record StatePages(Iterator<CheckpointPage> pages) implements Iterator<StatePage> {

    StatePages(StoredCheckpoint stored, Store store) {
      this(
          stored.complete(
              new ReadAhead<>(
                  after -> store.checkpointPages(after, stored.last(), STATE_PAGES),
                  CheckpointPage::place,
                  stored.first() - 1)));
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
