package dev.tocsin.engine.pipeline;

import dev.tocsin.triggers.Event;
import reactor.core.publisher.Mono;

/**
 * What other parts of the daemon ask of a running engine. Each method is bounded: beyond the bound,
 * and once the engine stops, it fails with a {@link
 * java.util.concurrent.RejectedExecutionException}.
 */
public interface EngineRequests {

  /**
   * Emits an event of the engine's own. It completes when the event is durable; the event is
   * evaluated after that, like every own event. An event with a known id changes nothing.
   */
  Mono<Void> tell(Event event);

  /**
   * Asks about the live trigger state, between two batches. Fails with a {@link
   * java.util.concurrent.TimeoutException} if the writer thread does not get to it in time.
   */
  <A> Mono<A> ask(Question<A> question);
}
