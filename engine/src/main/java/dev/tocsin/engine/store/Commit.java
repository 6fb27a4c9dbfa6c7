package dev.tocsin.engine.store;

import dev.tocsin.wire.EncodedEvent;
import java.util.List;

/**
 * All that one step of the engine changes. An event of the engine's own is written first as
 * feedback, in the transaction of its cause, and later becomes a journal entry, in the transaction
 * that removes its feedback.
 *
 * <p>What follows from entries may be larger than the heap: an event is quoted by each firing. So
 * those rows are made one at a time while they are written, the same ones at each iteration.
 *
 * @param definitions to which entries and invocations refer; those stored already are skipped
 * @param feedbackTaken positions of the feedback that is now among {@code entries}
 */
public record Commit(
    List<JournalEntry> entries,
    List<StoredDefinition> definitions,
    Iterable<StoredFiring> firings,
    Iterable<StoredInvocation> invocations,
    List<InvocationResult> results,
    Iterable<EncodedEvent> feedback,
    List<Long> feedbackTaken) {

  /** Of entries alone. */
  public static Commit ofEntries(List<JournalEntry> entries) {
    return new Commit(entries, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** Of events of the engine's own alone. */
  public static Commit ofFeedback(List<EncodedEvent> feedback) {
    return new Commit(List.of(), List.of(), List.of(), List.of(), List.of(), feedback, List.of());
  }

  private static boolean isEmpty(Iterable<?> rows) {
    return !rows.iterator().hasNext();
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return entries.isEmpty()
        && definitions.isEmpty()
        && results.isEmpty()
        && feedbackTaken.isEmpty()
        && isEmpty(firings)
        && isEmpty(invocations)
        && isEmpty(feedback);
  }
}
