package dev.tocsin.engine.pipeline;

import dev.tocsin.actions.ActionOutcome;
import dev.tocsin.actions.Invocation;
import dev.tocsin.actions.Webhook;
import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Sinks;

/** Something to evaluate, and whoever waits until it is durable. */
sealed interface Submission {

  /** One that keeps its place among what senders offer. */
  sealed interface Placed extends Submission {

    /** The instant of its receipt. */
    Instant came();
  }

  /** How many events it counts as. */
  int size();

  /** Lets whoever waits know that the engine failed. */
  void fail(Throwable failure);

  /**
   * Events that a sender offers together, or the rest of them.
   *
   * @param offered when they were admitted: the instant of their receipt
   * @param done what became of those that were evaluated before
   * @param receipt completes when all are durable
   */
  record Offer(
      List<EncodedEvent> events,
      Instant offered,
      Intake.Receipt.Accepted done,
      Sinks.One<Intake.Receipt> receipt)
      implements Placed {

    /** All of them. */
    Offer(List<EncodedEvent> events, Instant offered, Sinks.One<Intake.Receipt> receipt) {
      this(events, offered, NOTHING_DONE, receipt);
    }

    private static final Intake.Receipt.Accepted NOTHING_DONE = new Intake.Receipt.Accepted(0, 0);

    /** Whether some were evaluated before: they are durable, so the rest cannot be refused. */
    boolean isBegun() {
      return !done.equals(NOTHING_DONE);
    }

    /** What is left after the first {@code count}, which were accepted or duplicates. */
    Offer after(int count, Intake.Receipt.Accepted doneNow) {
      return new Offer(events.subList(count, events.size()), offered, doneNow, receipt);
    }

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

  /** What the engine observes itself: nobody waits for it, and it counts as no event. */
  sealed interface Observed extends Placed {
    @Override
    default int size() {
      return 0;
    }

    @Override
    default void fail(Throwable failure) {}
  }

  /**
   * A blind interval, by the host's clock. Its place is at its start.
   *
   * @param came its start by the engine's clock
   */
  record BlindPeriod(Instant came, Instant from, Instant until, BlindCause cause)
      implements Observed {}

  /** The host's clock went back. */
  record ClockSetBack(Instant came, SteadyClock.SetBack step) implements Observed {}

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
   * An event of the engine's own.
   *
   * @param receipt completes when it is durable
   */
  record Tell(Event event, Sinks.Empty<Void> receipt) implements Submission {

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
