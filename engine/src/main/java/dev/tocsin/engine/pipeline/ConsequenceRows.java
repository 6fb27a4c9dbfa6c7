package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Journal;
import dev.tocsin.engine.store.StoredFiring;
import dev.tocsin.engine.store.StoredInvocation;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a batch, as rows of the store. Each is made when it is written, and made again
 * when a commit is retried: an event that thousands of firings quote is in memory once.
 */
final class ConsequenceRows {

  /** Triggering events that are looked up together: each may have the maximum size of an event. */
  private static final int EVENTS_AT_ONCE = 4;

  private final CommitBuilder work;
  private final Consequences consequences;
  private final Journal journal;

  /** Of work that does not change any more. */
  ConsequenceRows(CommitBuilder work, Consequences consequences, Journal journal) {
    this.work = work;
    this.consequences = consequences;
    this.journal = journal;
  }

  Iterable<StoredFiring> firings() {
    return () -> fired().map(consequences::firing).iterator();
  }

  Iterable<StoredInvocation> invocations() {
    return () -> fired().flatMap(each -> consequences.invocations(each).stream()).iterator();
  }

  /** Events of the engine's own, in the order of their causes. May block on the journal. */
  Iterable<EncodedEvent> feedback() {
    return () -> {
      TriggeringEvents triggering = new TriggeringEvents();
      return IntStream.range(0, work.followings.size())
          .boxed()
          .flatMap(index -> feedback(index, triggering))
          .iterator();
    };
  }

  /** The destinations of all invocations. */
  Set<String> destinations() {
    Set<String> destinations = new LinkedHashSet<>();
    fired().forEach(each -> each.actions().forEach(action -> destinations.add(action.lane())));
    return destinations;
  }

  private Stream<CommitBuilder.Following.Fired> fired() {
    return work.followings.stream()
        .filter(CommitBuilder.Following.Fired.class::isInstance)
        .map(CommitBuilder.Following.Fired.class::cast);
  }

  private Stream<EncodedEvent> feedback(int index, TriggeringEvents triggering) {
    List<Event> events =
        switch (work.followings.get(index)) {
          case CommitBuilder.Following.Told told -> List.of(told.event());
          case CommitBuilder.Following.Fired fired ->
              consequences.feedback(fired, triggering.of(fired, index));
        };
    return events.stream().map(EncodedEvent::of);
  }

  /**
   * The triggering events of firings, in order. One that came before the batch is looked up: an
   * absence names the last event that it saw.
   */
  private final class TriggeringEvents {

    private Set<String> asked = Set.of();
    private Map<String, Event> found = Map.of();

    @Nullable Event of(CommitBuilder.Following.Fired fired, int index) {
      String id = fired.firing().event();
      Event taken = id == null ? null : work.taken(id);
      if (id == null || taken != null) {
        return taken;
      }
      if (!asked.contains(id)) {
        asked = unknownFrom(index);
        found = journal.events(asked);
      }
      return found.get(id);
    }

    private Set<String> unknownFrom(int index) {
      Set<String> ids = new LinkedHashSet<>();
      for (int at = index; at < work.followings.size() && ids.size() < EVENTS_AT_ONCE; at++) {
        if (work.followings.get(at) instanceof CommitBuilder.Following.Fired fired) {
          String id = fired.firing().event();
          if (id != null && work.taken(id) == null) {
            ids.add(id);
          }
        }
      }
      return ids;
    }
  }
}
