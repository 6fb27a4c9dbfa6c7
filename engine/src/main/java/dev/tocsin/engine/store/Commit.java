package dev.tocsin.engine.store;

import dev.tocsin.wire.EncodedEvent;
import java.util.List;

/**
 * All that one step of the engine changes. An event of the engine's own is written first as
 * feedback, in the transaction of its cause, and later becomes a journal entry, in the transaction
 * that removes its feedback.
 *
 * @param definitions to which entries and invocations refer; those stored already are skipped
 * @param feedbackTaken positions of the feedback that is now among {@code entries}
 */
public record Commit(
    List<JournalEntry> entries,
    List<StoredDefinition> definitions,
    List<StoredFiring> firings,
    List<StoredInvocation> invocations,
    List<InvocationResult> results,
    List<EncodedEvent> feedback,
    List<Long> feedbackTaken) {

  /** Of entries alone. */
  public static Commit ofEntries(List<JournalEntry> entries) {
    return new Commit(entries, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  /** Of events of the engine's own alone. */
  public static Commit ofFeedback(List<EncodedEvent> feedback) {
    return new Commit(List.of(), List.of(), List.of(), List.of(), List.of(), feedback, List.of());
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return entries.isEmpty()
        && definitions.isEmpty()
        && firings.isEmpty()
        && invocations.isEmpty()
        && results.isEmpty()
        && feedback.isEmpty()
        && feedbackTaken.isEmpty();
  }
}
