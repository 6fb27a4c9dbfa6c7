package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.actions.Webhook;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.wire.EncodedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Sinks;

/** Something that waits to be evaluated, and whoever waits for it to be durable. */
sealed interface Submission {

  /** One that has its place among what senders offer. */
  sealed interface Placed extends Submission {

    /** The instant of its receipt, which it was given with its place. */
    Instant came();
  }

  /** How many events it stands for. */
  int size();

  /** Tells whoever waits that the engine failed over it. */
  void fail(Throwable failure);

  /**
   * Events that a sender offers together.
   *
   * @param offered when they were admitted: the instant of their receipt
   * @param receipt completes when they are durable
   */
  record Offer(List<EncodedEvent> events, Instant offered, Sinks.One<Intake.Receipt> receipt)
      implements Placed {
    @Override
    public Instant came() {
      return offered;
    }

    @Override
    public int size() {
      return events.size();
    }

    @Override
    public void fail(Throwable failure) {
      var _ = receipt.tryEmitError(failure);
    }
  }

  /** The engine could not see; it has its place where that begins. Nobody waits for it. */
  record Blind(Instant from, Instant until, BlindCause cause) implements Placed {
    @Override
    public Instant came() {
      return from;
    }

    @Override
    public int size() {
      return 0;
    }

    @Override
    public void fail(Throwable failure) {}
  }

  /**
   * Automations to be put in force, and the webhooks of the settings with them.
   *
   * @param webhooks by name
   * @param receipt what it did, once that is durable
   */
  record Declare(
      AutomationDeclaration declaration,
      Map<String, Webhook> webhooks,
      Sinks.One<DeclarationPlan> receipt)
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
