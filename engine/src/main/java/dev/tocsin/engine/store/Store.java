package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.StatePage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine must not forget. Every method blocks. {@link #known} and {@link #commit} belong to
 * the one writer thread; all others may be called from any thread at any time and see only what is
 * committed.
 */
public interface Store extends AutoCloseable {

  /** A page of events or entries takes no further one in once it holds so many bytes. */
  int PAGE_BYTES = 8 * 1024 * 1024;

  /** The highest sequence number given to any journal entry so far; 0 in an empty store. */
  long lastSequence();

  /** Which of these event ids have been accepted already. */
  Set<String> known(Collection<String> ids);

  /**
   * Makes everything in a commit durable, or nothing of it. When it returns, it survives a kill of
   * the process and a loss of power.
   *
   * @throws StoreException where it could not; the same commit may be tried again as it is, also if
   *     it became durable in spite of the exception
   */
  default void commit(Commit commit) {
    commit(commit, CheckpointSlice.NONE);
  }

  /** The same, together with a slice of a checkpoint. */
  void commit(Commit commit, CheckpointSlice slice);

  /** The accepted event with this id, or null. */
  @Nullable Event event(String id);

  /** Those of the accepted events that have one of these ids, by id. */
  Map<String, Event> events(Collection<String> ids);

  /** Accepted events, newest first; fewer than asked for where they are large. */
  EventPage events(EventQuery query);

  /**
   * The journal's entries with a higher sequence number than this one, ascending, at most so many;
   * fewer, but at least one, where they are large. None where there are none.
   */
  List<JournalEntry> journal(long afterSequence, int limit);

  /** Ids of the automations of which the latest {@link JournalEntry.PauseEntry} says paused. */
  Set<String> paused();

  /**
   * Own events that wait to be taken in, in the order written, after a position, at most so many;
   * fewer, but at least one, where they are large. None where there are none.
   */
  List<FeedbackEvent> feedback(long afterPosition, int limit);

  /** Destinations that have invocations waiting, each once, in the order of their oldest. */
  List<String> destinationsWithWork();

  /** Invocations of a destination not yet done, in the order written, at most so many. */
  List<StoredInvocation> pending(String destination, long afterPosition, int limit);

  /** How many invocations are not yet done. */
  long pendingCount();

  /** How the invocation with this id ended, or null where it is unknown or not done. */
  @Nullable InvocationResult result(String invocation);

  /** The firing with this id, or null. */
  @Nullable StoredFiring firing(String id);

  /** The latest checkpoint, or null where there is none. */
  @Nullable Checkpoint checkpoint();

  /** Pages of checkpoints after a place, up to another, ascending, at most so many. */
  List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit);

  /** Writes a slice of a checkpoint in a transaction of its own. For the writer thread. */
  void save(CheckpointSlice slice);

  /**
   * Takes a bounded step towards what a retention asks for, in a transaction of its own: whole
   * segments of the journal go, the oldest first, with their firings and finished invocations. What
   * a restart or an unfinished invocation needs stays, and so does the latest pause of each
   * automation. For the writer thread.
   *
   * @param now the engine's clock
   * @param most how many rows, about
   */
  Dropped drop(Retention retention, Instant now, int most);

  /** Up to which sequence number retention has taken entries away; 0 for none. */
  long droppedUpTo();

  /** How much is stored. */
  Size size();

  /** The last {@link #markAlive}, or null where there is none that can be read. */
  @Nullable Alive alive();

  /**
   * Notes that the engine saw all up to an instant. Not made durable: after a loss of power an
   * earlier mark may be found, or none.
   *
   * @throws StoreException where it could not
   */
  void markAlive(Alive alive);

  /**
   * Up to when the engine saw.
   *
   * @param sequence of the last entry then, or 0; where the store has no such entry, it is not the
   *     one that the engine had
   */
  record Alive(Instant instant, long sequence) {}

  /** What this store is, for an operator: kind and place. */
  String description();

  @Override
  void close();

  /** An entry of the journal: what can change a decision, in its place in the one order. */
  sealed interface JournalEntry {

    /** Its place, from 1, ascending, not always without gaps. */
    long sequence();

    /** When the engine took it; never descends. */
    Instant received();

    /** An accepted event. */
    record EventEntry(long sequence, Event event) implements JournalEntry {
      @Override
      public Instant received() {
        return event.received();
      }
    }

    /** A tick of the clock that made something due. */
    record TickEntry(long sequence, Instant received) implements JournalEntry {}

    /** An automation switched off or on. */
    record PauseEntry(long sequence, Instant received, String automation, boolean paused)
        implements JournalEntry {}

    /**
     * The engine could not see.
     *
     * @param from when that begins, not after {@code received}
     * @param until when it ends; may lie after {@code received}
     * @param cause one word
     */
    record BlindEntry(long sequence, Instant received, Instant from, Instant until, String cause)
        implements JournalEntry {}
  }

  /**
   * A firing as stored.
   *
   * @param sequence of the entry that was being evaluated
   * @param event id of the triggering event, if any
   * @param body the firing as JSON
   */
  record StoredFiring(
      String id,
      long sequence,
      String automation,
      String state,
      Instant triggered,
      @Nullable String event,
      String body) {}

  /**
   * An invocation in the outbox.
   *
   * @param position given by the store when it is written; 0 before
   * @param destination what it is in line for
   * @param body the invocation as JSON
   */
  record StoredInvocation(
      long position, String id, String firing, int index, String destination, String body) {}

  /**
   * The end of an invocation, which leaves the outbox with it.
   *
   * @param outcome {@code executed} or {@code failed}
   * @param finished when
   * @param body the outcome as JSON
   */
  record InvocationResult(String invocation, String outcome, Instant finished, String body) {}

  /**
   * An event of the engine's own that waits to be taken in.
   *
   * @param position given by the store when it is written; 0 before
   */
  record FeedbackEvent(long position, Event event) {}

  /**
   * All that one step of the engine changes. An own event is written first as feedback, in the
   * transaction of its cause, and later becomes a journal entry, in the transaction that takes its
   * feedback away.
   *
   * @param feedbackTaken positions of the feedback that is now among {@code entries}
   */
  record Commit(
      List<JournalEntry> entries,
      List<StoredFiring> firings,
      List<StoredInvocation> invocations,
      List<InvocationResult> results,
      List<Event> feedback,
      List<Long> feedbackTaken) {

    /** Of own events alone. */
    public static Commit ofFeedback(List<Event> feedback) {
      return new Commit(List.of(), List.of(), List.of(), List.of(), feedback, List.of());
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
      return entries.isEmpty()
          && firings.isEmpty()
          && invocations.isEmpty()
          && results.isEmpty()
          && feedback.isEmpty()
          && feedbackTaken.isEmpty();
    }
  }

  /**
   * What is to be kept.
   *
   * @param age entries received longer ago go; null for no limit
   * @param bytes the oldest go while more are in use; {@link Long#MAX_VALUE} for no limit
   * @param patience how long an event may wait for another before it is evaluated
   */
  record Retention(@Nullable Duration age, long bytes, Duration patience) {

    /** Whether anything goes, ever. */
    public boolean hasLimit() {
      return age != null || bytes != Long.MAX_VALUE;
    }
  }

  /**
   * What a step of retention did.
   *
   * @param entries so many entries of the journal went
   * @param hasMore whether there is more to do at once
   * @param awaitsCheckpoint whether something is to go that goes only once a checkpoint holds it
   */
  record Dropped(long entries, boolean hasMore, boolean awaitsCheckpoint) {}

  /**
   * How much is stored.
   *
   * @param segments of the journal
   * @param bytes in use in the file
   * @param oldest receipt of the oldest entry, or null where there is none
   */
  record Size(long segments, long bytes, @Nullable Instant oldest) {}

  /**
   * Trigger state after an entry: its head, and pages from one place to another, both included. Of
   * those pages only the last ones are new: the others belong to checkpoints before.
   *
   * @param sequence the last entry whose effect it holds
   * @param head what is written anew each time, as JSON
   * @param first place of the first page
   * @param last place of the last page; where there are none, the one before {@code first}
   */
  record Checkpoint(long sequence, Instant clock, String head, long first, long last) {}

  /**
   * A page of a checkpoint.
   *
   * @param place its number, never given twice to pages that a checkpoint holds
   */
  record CheckpointPage(long place, StatePage page) {}

  /**
   * A part of the work of saving a checkpoint, which may be written again as it is. A checkpoint
   * counts from the slice that completes it; until then the one before does.
   *
   * @param pages new ones
   * @param completed the checkpoint that is whole with these pages, if one is
   * @param discardFrom place of the first page that no checkpoint holds any more
   * @param discardTo the place after the last of these
   */
  record CheckpointSlice(
      List<CheckpointPage> pages,
      @Nullable Checkpoint completed,
      long discardFrom,
      long discardTo) {

    /** Nothing. */
    public static final CheckpointSlice NONE = new CheckpointSlice(List.of(), null, 0, 0);

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
      return pages.isEmpty() && completed == null && discardFrom == discardTo;
    }
  }
}
