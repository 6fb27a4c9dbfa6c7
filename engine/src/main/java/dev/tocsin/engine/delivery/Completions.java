package dev.tocsin.engine.delivery;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import reactor.core.publisher.Mono;

/** Where the outcomes of invocations become durable. */
@FunctionalInterface
public interface Completions {

  /** Submits the outcome of an invocation; completes when it is durable. */
  Mono<Void> complete(Invocation invocation, ActionOutcome outcome);
}
