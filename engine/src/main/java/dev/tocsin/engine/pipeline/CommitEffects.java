package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import dev.tocsin.config.DefinitionReader;
import dev.tocsin.engine.delivery.WebhooksInForce;
import dev.tocsin.engine.evaluation.Automations;
import dev.tocsin.engine.metrics.Metrics;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the effects of a durable commit: answers, meters, log lines. */
final class CommitEffects {

  private static final Logger LOG = LoggerFactory.getLogger(CommitEffects.class);

  private final Metrics metrics;
  private final Automations automations;
  private final WebhooksInForce webhooks;

  CommitEffects(Metrics metrics, Automations automations, WebhooksInForce webhooks) {
    this.metrics = metrics;
    this.automations = automations;
    this.webhooks = webhooks;
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
      case CommitEffect.OwnEventStored stored -> stored.tell().receipt().emitEmpty(FAIL_FAST);
      case CommitEffect.InvocationEnded ended -> {
        Submission.Completion completion = ended.completion();
        metrics.actionEnded(completion.invocation().action().type(), ended.outcome());
        metrics.templatePathsUndefined(completion.outcome().report().undefined().size());
        completion.receipt().emitEmpty(FAIL_FAST);
      }
      case CommitEffect.AutomationsDeclared declared -> {
        AutomationDeclaration declaration = declared.declare().declaration();
        webhooks.replace(declared.declare().webhooks());
        automations.readAnew(
            new DefinitionReader(declared.declare().webhooks()),
            declaration.origin(),
            declaration.automations());
        DeclarationLog.write(declared.plan(), declaration.by());
        declared.declare().receipt().emitValue(declared.plan(), FAIL_FAST);
      }
      case CommitEffect.AutomationFired fired -> metrics.fired(fired.automation(), fired.name());
      case CommitEffect.BlindRecorded recorded -> {
        Submission.BlindPeriod blind = recorded.blind();
        metrics.blind(blind.cause().label(), recorded.begins(), recorded.added());
        if (blind.cause() != BlindCause.DOWN) {
          // The interval of a start is logged as a whole once senders are served.
          LOG.warn(
              "Blind from {} until {} ({}): absences follow their on_blind.",
              blind.from(),
              blind.until(),
              blind.cause().label());
        }
      }
    }
  }
}
