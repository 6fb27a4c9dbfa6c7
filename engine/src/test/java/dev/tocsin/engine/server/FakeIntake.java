package dev.tocsin.engine.server;

import dev.tocsin.engine.pipeline.Intake;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** An intake in memory: takes all events, or does for an offer what it was told to. */
public final class FakeIntake implements Intake {

  private final FakeStore store;
  private final Queue<Mono<Receipt>> told = new ConcurrentLinkedQueue<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  public FakeIntake(FakeStore store) {
    this.store = store;
  }

  /** What the next offer comes to; where it is empty the events are taken. */
  public void next(Mono<Receipt> outcome) {
    told.add(outcome);
  }

  /** How many events each offer that was taken had. */
  public synchronized List<Integer> sizes() {
    return List.copyOf(sizes);
  }

  /** The most offers that were under way at one time. */
  public int mostInFlight() {
    return mostInFlight.get();
  }

  @Override
  public Mono<Receipt> offer(List<EncodedEvent> events) {
    return Mono.defer(
        () -> {
          mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          Mono<Receipt> outcome = told.poll();
          Mono<Receipt> taken = Mono.fromCallable(() -> take(events));
          return (outcome == null ? taken : outcome.switchIfEmpty(taken))
              .doFinally(end -> inFlight.decrementAndGet());
        });
  }

  private synchronized Receipt take(List<EncodedEvent> events) {
    int duplicates = 0;
    for (EncodedEvent encoded : events) {
      Event event = encoded.event();
      if (ids.add(event.id())) {
        store.add(event);
      } else {
        duplicates++;
      }
    }
    sizes.add(events.size());
    return new Receipt.Accepted(events.size() - duplicates, duplicates);
  }
}
