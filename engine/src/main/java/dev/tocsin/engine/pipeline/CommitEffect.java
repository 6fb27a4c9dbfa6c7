package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.evaluation.DeclarationPlan;
import dev.tocsin.engine.pipeline.Intake.Receipt;
import java.time.Duration;

/** What happens outside the store once a commit is durable, as a value. */
sealed interface CommitEffect {

  /** A sender is answered, and its events are counted. */
  record OfferAccepted(Submission.Offer offer, Receipt.Accepted receipt) implements CommitEffect {}

  /** An own event is durable; its emitter is answered. */
  record OwnEventStored(Submission.Tell tell) implements CommitEffect {}

  /** An invocation has ended. */
  record InvocationEnded(Submission.Completion completion, String outcome)
      implements CommitEffect {}

  /** Automations are in force. */
  record AutomationsDeclared(Submission.Declare declare, DeclarationPlan plan)
      implements CommitEffect {}

  /**
   * An automation has fired.
   *
   * @param automation its id
   * @param name that it had then
   */
  record AutomationFired(String automation, String name) implements CommitEffect {}

  /**
   * A blind interval is in the journal.
   *
   * @param begins whether it is an interval of its own, not the extension of an earlier one
   * @param added by how much it extends the time already counted as blind
   */
  record BlindRecorded(Submission.BlindPeriod blind, boolean begins, Duration added)
      implements CommitEffect {}
}
