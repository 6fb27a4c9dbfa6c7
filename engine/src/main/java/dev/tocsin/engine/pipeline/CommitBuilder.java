package dev.tocsin.engine.pipeline;

import dev.tocsin.config.Automation;
import dev.tocsin.engine.store.InvocationResult;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoredDefinition;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is evaluated together, on its way: the trigger state has moved, nothing is written yet. */
final class CommitBuilder {

  final Set<String> seen = new HashSet<>();
  final List<JournalEntry> entries = new ArrayList<>();
  final List<StoredDefinition> definitions = new ArrayList<>();
  final List<Following> followings = new ArrayList<>();
  final List<InvocationResult> results = new ArrayList<>();
  final List<Long> feedbackTaken = new ArrayList<>();
  final List<CommitEffect> effects = new ArrayList<>();
  private final Map<String, Event> taken = new HashMap<>();

  /** What follows from an entry, in order. */
  sealed interface Following {

    /**
     * A firing, by the entry with this sequence number, evaluated at this instant.
     *
     * @param automation that fired, as it was in force then
     */
    record Fired(Firing firing, Automation automation, long sequence, Instant now)
        implements Following {}

    /** An event of the engine's own. */
    record Told(Event event) implements Following {}
  }

  /** Whether there is nothing to write, and nobody to answer. */
  boolean isEmpty() {
    return entries.isEmpty()
        && followings.isEmpty()
        && results.isEmpty()
        && feedbackTaken.isEmpty()
        && effects.isEmpty();
  }

  void take(JournalEntry.EventEntry entry) {
    entries.add(entry);
    taken.put(entry.event().id(), entry.event());
  }

  /** An event of the engine's own follows. */
  void tell(Event event) {
    followings.add(new Following.Told(event));
  }

  /** Triggering events that came before this: an absence names the last event it saw. */
  Set<String> eventsToLookUp() {
    Set<String> ids = new LinkedHashSet<>();
    for (Following following : followings) {
      if (following instanceof Following.Fired fired) {
        String id = fired.firing().event();
        if (id != null && !taken.containsKey(id)) {
          ids.add(id);
        }
      }
    }
    return ids;
  }

  /** The triggering event of a firing, if there is one and it is known. */
  @Nullable Event triggering(Firing firing, Map<String, Event> lookedUp) {
    String id = firing.event();
    return id == null ? null : taken.getOrDefault(id, lookedUp.get(id));
  }
}
