package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.evaluation.EntryEvaluation;
import dev.tocsin.engine.metrics.Metrics;
import dev.tocsin.engine.store.CheckpointPage;
import dev.tocsin.engine.store.CheckpointSlice;
import dev.tocsin.engine.store.CheckpointStore;
import dev.tocsin.engine.store.StoredCheckpoint;
import dev.tocsin.engine.store.UnreadableCheckpointException;
import dev.tocsin.triggers.runtime.Checkpoint;
import dev.tocsin.triggers.runtime.StatePage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Saves trigger state so that a restart has less to evaluate again, without stopping evaluation:
 * changes are copied at once, as references to immutable parts, and written slice by slice with the
 * commits that follow. The pages of a checkpoint are appended to those of the one before, and it
 * counts once its last slice is durable. When more is stored than twice what lives, the next one is
 * all state, and the pages before it are deleted, slice by slice too. For the writer thread.
 */
final class Checkpoints {

  /** Pages of a slice: some hundred kilobytes and up to 4,000 rows. */
  private static final int PAGES = 2;

  /** Pages of a slice for which nobody waits. */
  private static final int PAGES_AT_ONCE = 100;

  private static final int PAGES_DISCARDED = 20;
  private static final int PAGES_DISCARDED_AT_ONCE = 1_000_000;

  /** Outdated rows that are always allowed. */
  private static final long IDLE_ROWS = 4_000;

  private final CheckpointStore store;
  private final Metrics metrics;
  private final InstantSource clock;

  /** Places of the pages that count; none before the first checkpoint. */
  private long first;

  private long last;
  private long stored;
  private long live;
  private boolean isFirst;

  /** Pages from here to the first one count no more. */
  private long discardFrom;

  private @Nullable Saving saving;
  private @Nullable CheckpointSlice slice;

  /** Continues after the store's latest checkpoint. */
  Checkpoints(CheckpointStore store, Metrics metrics, InstantSource clock) {
    this.store = store;
    this.metrics = metrics;
    this.clock = clock;
    StoredCheckpoint latest = latest(store);
    this.isFirst = latest == null;
    if (latest != null) {
      CheckpointHead head = CheckpointHead.read(latest.clock(), latest.head(), _ -> null);
      first = latest.first();
      last = latest.last();
      stored = head.stored();
      live = head.checkpoint().live();
    }
  }

  /** Null also if it is unreadable: then the next one is all state, and takes its place. */
  private static @Nullable StoredCheckpoint latest(CheckpointStore store) {
    try {
      return store.checkpoint();
    } catch (UnreadableCheckpointException e) {
      return null;
    }
  }

  /** A checkpoint that is being written. */
  private static final class Saving {

    final long sequence;
    final Checkpoint taken;
    final CheckpointHead head;
    final Iterator<StatePage> pages;
    final long first;
    final Instant begun;
    long next;
    long bytes;

    Saving(
        long sequence,
        Checkpoint taken,
        CheckpointHead head,
        long first,
        long next,
        Instant begun) {
      this.sequence = sequence;
      this.taken = taken;
      this.head = head;
      this.pages = taken.pages().iterator();
      this.first = first;
      this.next = next;
      this.begun = begun;
    }
  }

  /** Whether there are slices to be written. */
  boolean isUnderWay() {
    return saving != null || discardFrom < first;
  }

  /**
   * Takes what has changed. All entries that were evaluated must be durable.
   *
   * @param sequence of the last of them
   */
  void begin(long sequence, EntryEvaluation state) {
    if (saving != null) {
      throw new IllegalStateException("a checkpoint is being written");
    }
    Instant begun = clock.instant();
    boolean all = isFirst || stored > 2 * live + IDLE_ROWS;
    Checkpoint taken = state.handOver(all);
    long next = last + 1;
    saving =
        new Saving(
            sequence,
            taken,
            new CheckpointHead(
                taken, state.settings(), taken.isWhole() ? taken.rows() : stored + taken.rows()),
            taken.isWhole() ? next : first,
            next,
            begun);
  }

  /** The next slice, the same until it is {@link #written}; empty if there is none. */
  CheckpointSlice slice() {
    return slice(PAGES, PAGES_DISCARDED);
  }

  private CheckpointSlice slice(int mostPages, int mostDiscarded) {
    CheckpointSlice known = slice;
    if (known != null) {
      return known;
    }
    Saving current = saving;
    CheckpointSlice next =
        current == null
            ? new CheckpointSlice(
                List.of(), null, discardFrom, Math.min(first, discardFrom + mostDiscarded))
            : pages(current, mostPages);
    slice = next;
    return next;
  }

  private static CheckpointSlice pages(Saving saving, int most) {
    List<CheckpointPage> pages = new ArrayList<>();
    while (pages.size() < most && saving.pages.hasNext()) {
      StatePage page = saving.pages.next();
      pages.add(new CheckpointPage(saving.next++, page));
      saving.bytes += page.bytes().length;
    }
    StoredCheckpoint completed =
        saving.pages.hasNext()
            ? null
            : new StoredCheckpoint(
                saving.sequence,
                saving.taken.clock(),
                saving.head.json(),
                saving.first,
                saving.next - 1);
    return new CheckpointSlice(pages, completed, 0, 0);
  }

  /** The slice is durable. */
  void written() {
    CheckpointSlice done = slice;
    slice = null;
    if (done == null) {
      return;
    }
    discardFrom = Math.max(discardFrom, done.discardTo());
    StoredCheckpoint completed = done.completed();
    Saving ended = saving;
    if (completed != null && ended != null) {
      saving = null;
      isFirst = false;
      first = completed.first();
      last = completed.last();
      stored = ended.head.stored();
      live = ended.taken.live();
      Instant now = clock.instant();
      metrics.checkpointSaved(
          ended.taken.rows(), ended.bytes, Duration.between(ended.begun, now), ended.taken.clock());
    }
  }

  /** Ends what is under way, takes what has changed since, and writes all of it. Blocks. */
  void save(long sequence, EntryEvaluation state) {
    writeAll();
    begin(sequence, state);
    writeAll();
  }

  private void writeAll() {
    while (isUnderWay()) {
      store.save(slice(PAGES_AT_ONCE, PAGES_DISCARDED_AT_ONCE));
      written();
    }
  }
}
