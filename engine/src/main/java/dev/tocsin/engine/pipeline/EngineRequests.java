package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.Webhook;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.triggers.Event;
import java.util.Map;
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
   * Puts automations in force in place of those that their origin declared before, and webhooks
   * with them, at one place of the journal. It completes with what that did once it is durable; if
   * the same automations are in force already, the journal has no entry of it.
   *
   * @param webhooks by name
   */
  Mono<DeclarationPlan> declare(AutomationDeclaration declaration, Map<String, Webhook> webhooks);

  /**
   * Asks about the live trigger state, between two batches. Fails with a {@link
   * java.util.concurrent.TimeoutException} if the writer thread does not get to it in time.
   */
  <A> Mono<A> ask(Question<A> question);
}
