package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.triggers.Event;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Sinks;

/** Something that waits to be evaluated, and whoever waits for it to be durable. */
sealed interface Submission {

  /** How many events it stands for. */
  int size();

  /** Tells whoever waits that the engine failed over it. */
  void fail(Throwable failure);

  /**
   * Events that a sender offers together.
   *
   * @param offered when they were offered
   * @param receipt completes when they are durable
   */
  record Offer(List<Event> events, Instant offered, Sinks.One<Intake.Receipt> receipt)
      implements Submission {
    @Override
    public int size() {
      return events.size();
    }

    @Override
    public void fail(Throwable failure) {
      var _ = receipt.tryEmitError(failure);
    }
  }

  /**
   * The end of an invocation.
   *
   * @param receipt completes when it is durable
   */
  record Completion(
      Invocation invocation, ActionOutcome outcome, Instant finished, Sinks.Empty<Void> receipt)
      implements Submission {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public void fail(Throwable failure) {
      var _ = receipt.tryEmitError(failure);
    }
  }
}
