package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.tocsin.engine.metrics.Metrics;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the effects of a durable commit: answers, meters, log lines. */
final class CommitEffects {

  private static final Logger LOG = LoggerFactory.getLogger(CommitEffects.class);

  private final Metrics metrics;

  CommitEffects(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Carries them out in order. */
  void carryOut(List<CommitEffect> effects) {
    effects.forEach(this::carryOut);
  }

  private void carryOut(CommitEffect effect) {
    switch (effect) {
      case CommitEffect.OfferAccepted accepted -> {
        metrics.eventsAccepted(accepted.receipt().accepted());
        metrics.eventsDuplicated(accepted.receipt().duplicates());
        accepted.offer().receipt().emitValue(accepted.receipt(), FAIL_FAST);
      }
      case CommitEffect.InvocationEnded ended -> {
        Submission.Completion completion = ended.completion();
        metrics.actionEnded(completion.invocation().action().type(), ended.outcome());
        metrics.templatePathsUndefined(completion.outcome().report().undefined().size());
        completion.receipt().emitEmpty(FAIL_FAST);
      }
      case CommitEffect.AutomationFired fired -> metrics.fired(fired.automation());
      case CommitEffect.BlindRecorded recorded -> {
        Submission.Blind blind = recorded.blind();
        metrics.blind(blind.cause().label(), recorded.begins(), recorded.added());
        LOG.warn(
            "Blind from {} until {} ({}): absences follow their on_blind.",
            blind.from(),
            blind.until(),
            blind.cause().label());
      }
    }
  }
}
