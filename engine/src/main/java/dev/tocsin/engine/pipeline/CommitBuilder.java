package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.Action;
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
        implements Following {

      /** The actions that it sets off, in order. */
      List<Action> actions() {
        return automation.actions().on(firing.state());
      }
    }

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

  /** The event of the batch with this id, or null. */
  @Nullable Event taken(String id) {
    return taken.get(id);
  }
}
