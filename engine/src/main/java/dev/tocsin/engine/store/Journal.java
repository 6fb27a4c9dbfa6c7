package dev.tocsin.engine.store;

import dev.tocsin.triggers.Event;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a store: every entry in the one order, and what a commit makes durable with it. A
 * row that cannot be read holds back no other: a look-up does not find it, a list leaves it out.
 * Every method blocks. {@link #known} and {@link #commit} belong to the one writer thread; all
 * others may be called from any thread and see only what is committed.
 */
public interface Journal {

  /** A page of events, entries or trigger state ends once it has this many bytes. */
  int PAGE_BYTES = (int) Math.min(8 << 20, Runtime.getRuntime().maxMemory() / 64);

  /** The highest sequence number of any entry so far; 0 in an empty store. */
  long lastSequence();

  /** The event ids among these that have been accepted already. */
  Set<String> known(Collection<String> ids);

  /**
   * Makes everything in a commit durable, or nothing. After it returns, the commit survives a kill
   * of the process and a loss of power.
   *
   * @throws StoreException if it failed; the same commit may be retried as it is, also if it became
   *     durable in spite of the exception
   */
  default void commit(Commit commit) {
    commit(commit, CheckpointSlice.NONE);
  }

  /** The same, together with a slice of a checkpoint. */
  void commit(Commit commit, CheckpointSlice slice);

  /** The accepted event with this id, or null. */
  @Nullable Event event(String id);

  /** The accepted event with this id as Prefect's JSON, which is not parsed; or null. */
  byte @Nullable [] eventJson(String id);

  /** The accepted events that have one of these ids, by id. */
  Map<String, Event> events(Collection<String> ids);

  /** Accepted events, newest first; fewer than requested if they are large. */
  default EventPage events(EventQuery query) {
    return events(query, () -> false);
  }

  /**
   * The same, until nobody waits for it.
   *
   * @param isAbandoned asked while the store reads, on this thread
   * @throws StoreException soon after that is true
   */
  EventPage events(EventQuery query, BooleanSupplier isAbandoned);

  /**
   * Entries with a higher sequence number than this one, ascending. One that cannot be read is a
   * tick: time passed, and nothing else is known of it.
   *
   * @param limit maximum number of entries; fewer, but at least one, if they are large
   * @return empty only if there are none
   */
  List<JournalEntry> entries(long afterSequence, int limit);

  /**
   * The sequence number up to which retention has dropped entries; 0 for none. Of those only the
   * latest pauses and declarations are left.
   */
  long droppedUpTo();

  /**
   * The automations in force at a place of the journal: of each origin the latest declaration at or
   * before a sequence number, in the order of the journal.
   */
  List<JournalEntry.DeclaredEntry> inForce(long sequence);

  /** The definition with this fingerprint, or null. */
  @Nullable StoredDefinition definition(String fingerprint);

  /** The definitions that have one of these fingerprints, by fingerprint. */
  Map<String, StoredDefinition> definitions(Collection<String> fingerprints);

  /** The rows that could not be read. */
  UnreadableRows unreadable();

  /** The last {@link #markAlive}, or null if there is none that can be read. */
  @Nullable Alive alive();

  /**
   * Notes that the engine observed all events up to an instant. Not durable: after a loss of power
   * an earlier mark may be found, or none.
   *
   * @throws StoreException if it failed
   */
  void markAlive(Alive alive);
}
