package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.Action;
import dev.tocsin.config.Automation;
import dev.tocsin.engine.store.InvocationResult;
import dev.tocsin.engine.store.JournalEntry;
import dev.tocsin.engine.store.StoredDefinition;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is evaluated together, on its way: the trigger state has moved, nothing is written yet. */
final class CommitBuilder {

  /** Beyond this memory of what follows, a batch is cut: a 32nd of the heap. */
  private static final long MAX_BYTES = Runtime.getRuntime().maxMemory() / 32;

  /** Beyond these bytes of events that are quoted, each by all its firings, a batch is cut. */
  private static final long MAX_QUOTED = 32L << 20;

  /** Beyond this time of evaluation, a batch is cut. */
  private static final Duration MAX_TIME = Duration.ofSeconds(1);

  /** Roughly the memory of a firing or an own event and of its effects, without its texts. */
  private static final int BYTES_OF_FOLLOWING = 1_000;

  final Set<String> seen = new HashSet<>();
  final List<JournalEntry> entries = new ArrayList<>();
  final List<StoredDefinition> definitions = new ArrayList<>();
  final List<Following> followings = new ArrayList<>();
  final List<InvocationResult> results = new ArrayList<>();
  final List<Long> feedbackTaken = new ArrayList<>();
  final List<CommitEffect> effects = new ArrayList<>();

  /** What a batch was cut before: submissions, the first of which may be the rest of an offer. */
  final List<Submission> rest = new ArrayList<>();

  private final Map<String, Event> taken = new HashMap<>();
  private final InstantSource clock;
  private final Instant begun;
  private long bytes;
  private long quoted;

  /** Nothing yet; its time begins. */
  CommitBuilder(InstantSource clock) {
    this.clock = clock;
    this.begun = clock.instant();
  }

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
    bytes += BYTES_OF_FOLLOWING + event.payload().size();
  }

  /**
   * A firing follows.
   *
   * @param cause the event that led to it, if one did
   */
  void fire(Following.Fired fired, @Nullable Event cause) {
    followings.add(fired);
    quoted += cause == null ? 0 : cause.payload().size();
    bytes += BYTES_OF_FOLLOWING;
    for (String value : fired.firing().labels().values()) {
      bytes += value.length();
    }
  }

  /** Whether it is to be committed before more is evaluated. */
  boolean isFull() {
    return isPast(1);
  }

  /** Whether half of what it may have is used: the other half is for what senders offer. */
  boolean isHalfFull() {
    return isPast(2);
  }

  private boolean isPast(int parts) {
    return bytes > MAX_BYTES / parts
        || quoted > MAX_QUOTED / parts
        || clock.instant().isAfter(begun.plus(MAX_TIME.dividedBy(parts)));
  }

  /** The event of the batch with this id, or null. */
  @Nullable Event taken(String id) {
    return taken.get(id);
  }
}
