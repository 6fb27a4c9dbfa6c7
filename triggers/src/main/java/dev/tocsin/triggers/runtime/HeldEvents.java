package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Labels;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.EventId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for the one they follow, and the ids of the events last evaluated. An event with
 * {@code follows} waits until that event is evaluated, at most {@code followsPatience}; then it is
 * evaluated alone. Times are microseconds.
 */
final class HeldEvents {

  /** The maximum depth of a chain in causal order; deeper events are in order of receipt. */
  static final int MAX_DEPTH = 20;

  /** The maximum number of waiting events; beyond it the oldest one is evaluated alone. */
  static final int MAX_WAITING = 10_000;

  /** The maximum memory that all waiting events take together, roughly, in bytes. */
  private static final long MAX_WAITING_BYTES = 64L << 20;

  /** The memory that an evaluated id takes at most, in bytes. */
  private static final int BYTES_OF_ID = 64;

  private static final int BYTES_OF_EVENT = 512;
  private static final int BYTES_OF_LABEL = 80;

  private final long patience;
  private final int maxIds;
  private final EvaluatedIds evaluated;
  private final LinkedHashMap<Long, Follower> waiting = new LinkedHashMap<>();
  private final Map<String, List<Follower>> byAwaited = new HashMap<>();
  private long arrivals;
  private long waitingBytes;
  private long maxWaitingBytes = MAX_WAITING_BYTES;

  HeldEvents(RuntimeSettings settings, long maxStateBytes) {
    patience = Micros.of(settings.followsPatience());
    maxIds = settings.followsMost();
    evaluated = new EvaluatedIds(Micros.of(settings.followsMemory()), maxIds, settings.tableSeed());
    bound(maxStateBytes);
  }

  /** Bounds waiting events and evaluated ids, as {@link TriggerRuntime#configure} says. */
  void bound(long maxStateBytes) {
    maxWaitingBytes = Math.min(MAX_WAITING_BYTES, maxStateBytes / 2);
    evaluated.bound((int) Math.min(maxIds, maxStateBytes / BYTES_OF_ID));
  }

  private record Follower(Event event, String awaited, long received, long arrival) {}

  /** Whether an event that arrives now must wait for the one it follows. */
  boolean mustWait(Event event, long clock) {
    String awaited = event.follows();
    return awaited != null && patience != 0 && !evaluated.knows(EventId.of(awaited), clock);
  }

  /** Adds a waiting event. */
  void hold(Event event, long received) {
    String awaited = event.follows();
    if (awaited == null) {
      throw new IllegalArgumentException("event " + event.id() + " follows no other event");
    }
    Follower held = new Follower(event, awaited, received, arrivals++);
    waiting.put(held.arrival(), held);
    byAwaited.computeIfAbsent(awaited, _ -> new ArrayList<>(1)).add(held);
    waitingBytes += bytes(event);
  }

  /** When the oldest waiting event is evaluated alone: at once if too many wait. */
  long nextEnd() {
    Follower first = longest();
    if (first == null) {
      return Micros.NEVER;
    }
    return waiting.size() > MAX_WAITING || waitingBytes > maxWaitingBytes
        ? first.received()
        : first.received() + patience;
  }

  /** Removes and returns the event that has waited longest, if any. */
  @Nullable Event takeLongest() {
    Follower first = longest();
    if (first == null) {
      return null;
    }
    remove(first);
    return first.event();
  }

  /** Whether no event waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Removes and returns all events that wait for this one, directly or not, after it, in order. */
  List<Event> withFollowers(Event event) {
    List<Event> ready = new ArrayList<>();
    List<Follower> tooDeep = new ArrayList<>();
    Deque<Turn> turns = new ArrayDeque<>();
    turns.push(new Turn(event, 0));
    for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
      ready.add(turn.event());
      List<Follower> followers = takeFollowers(turn.event().id());
      if (turn.depth() == MAX_DEPTH) {
        followers.forEach(follower -> takeChain(follower, tooDeep));
      } else {
        for (Follower follower : followers.reversed()) {
          turns.push(new Turn(follower.event(), turn.depth() + 1));
        }
      }
    }
    tooDeep.sort(Comparator.comparingLong(Follower::arrival));
    tooDeep.forEach(late -> ready.add(late.event()));
    return ready;
  }

  private record Turn(Event event, int depth) {}

  /** Collects a follower that is removed already, and removes all that wait for it. */
  private void takeChain(Follower first, List<Follower> into) {
    Deque<Follower> left = new ArrayDeque<>();
    left.push(first);
    for (Follower next = left.poll(); next != null; next = left.poll()) {
      into.add(next);
      takeFollowers(next.event().id()).forEach(left::push);
    }
  }

  /** Removes the events that wait for an id; ordered by occurrence, then arrival. */
  private List<Follower> takeFollowers(String awaited) {
    List<Follower> followers = byAwaited.remove(awaited);
    if (followers == null) {
      return List.of();
    }
    for (Follower follower : followers) {
      waiting.remove(follower.arrival());
      waitingBytes -= bytes(follower.event());
    }
    followers.sort(
        Comparator.<Follower, Instant>comparing(follower -> follower.event().occurred())
            .thenComparingLong(Follower::arrival));
    return followers;
  }

  /** The waiting events, in order of receipt. */
  List<Checkpoint.HeldEvent> waiting() {
    List<Checkpoint.HeldEvent> held = new ArrayList<>(waiting.size());
    for (Follower each : waiting.values()) {
      held.add(new Checkpoint.HeldEvent(each.event(), Micros.instant(each.received())));
    }
    return held;
  }

  /** The ids of the events last evaluated. */
  EvaluatedIds evaluated() {
    return evaluated;
  }

  private @Nullable Follower longest() {
    return waiting.isEmpty() ? null : waiting.firstEntry().getValue();
  }

  private void remove(Follower held) {
    waiting.remove(held.arrival());
    waitingBytes -= bytes(held.event());
    List<Follower> others = byAwaited.get(held.awaited());
    if (others != null && others.remove(held) && others.isEmpty()) {
      byAwaited.remove(held.awaited());
    }
  }

  private static long bytes(Event event) {
    long bytes = BYTES_OF_EVENT;
    bytes += event.payload().size();
    bytes += event.id().length();
    bytes += event.name().length();
    bytes += bytes(event.resource().labels());
    for (RelatedResource related : event.related()) {
      bytes += bytes(related.labels());
    }
    return bytes;
  }

  private static long bytes(Labels labels) {
    return 2 * labels.characters() + (long) BYTES_OF_LABEL * labels.size();
  }
}
