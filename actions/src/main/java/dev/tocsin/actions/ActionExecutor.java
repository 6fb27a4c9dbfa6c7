package dev.tocsin.actions;

import dev.tocsin.actions.ActionOutcome.AttemptReport;
import dev.tocsin.actions.ActionOutcome.Effect;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.actions.PreparedAction.WithCall;
import dev.tocsin.actions.PreparedAction.WithoutCall;
import dev.tocsin.actions.WebhookRequests.Preparation;
import dev.tocsin.actions.webhook.WebhookAnswer;
import dev.tocsin.actions.webhook.WebhookClient;
import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.triggers.Event;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Carries out actions, in two steps: {@link #prepare} renders all that an action needs of its
 * event, {@link #carryOut} makes the call. An outcome is a value: nothing is ever signalled as an
 * error. What an action does inside the engine is an {@link Effect} for the engine to apply in one
 * transaction with the outcome.
 */
public final class ActionExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(ActionExecutor.class);

  /** Maximum length of an answer's body in events. */
  private static final int MAX_BODY_CHARACTERS = 1_000;

  private static final int MAX_NAME_SHOWN = 100;

  private final ActionSettings settings;
  private final WebhookRequests requests;
  private final WebhookClient client;
  private final InstantSource clock;
  private final Predicate<String> knownAutomation;

  /**
   * An executor.
   *
   * @param client sends the calls; closing it stays with the caller
   * @param clock stamps the {@code occurred} of emitted events
   * @param knownAutomation whether there is an automation with an id, at the moment of asking
   */
  public ActionExecutor(
      ActionSettings settings,
      WebhookClient client,
      InstantSource clock,
      Predicate<String> knownAutomation) {
    this.settings = settings;
    this.requests = new WebhookRequests(settings);
    this.client = client;
    this.clock = clock;
    this.knownAutomation = knownAutomation;
  }

  /**
   * Renders an invocation. Takes a while, so it is not for an event loop nor for the evaluating
   * thread. Never throws: what goes wrong is the outcome of this invocation alone.
   */
  public PreparedAction prepare(Invocation invocation) {
    Invocation rest = invocation.withoutEvent();
    try {
      return switch (invocation.action()) {
        case Action.WebhookAction call -> prepare(rest, requests.prepare(invocation, call));
        case Action.EmitEvent emit -> new WithoutCall(rest, emit(invocation, emit));
        case Action.PauseAutomation pause ->
            new WithoutCall(rest, setPaused(invocation, pause.target(), true));
        case Action.ResumeAutomation resume ->
            new WithoutCall(rest, setPaused(invocation, resume.target(), false));
        case Action.DoNothing nothing ->
            new WithoutCall(rest, new Executed(AttemptReport.NONE, List.of()));
        case Action.Unreadable unreadable ->
            new WithoutCall(rest, failed(unreadable.reason(), List.of()));
      };
    } catch (RuntimeException | Error failure) {
      return new WithoutCall(rest, unexpected(rest, failure));
    }
  }

  private PreparedAction prepare(Invocation invocation, Preparation preparation) {
    return switch (preparation) {
      case Preparation.Impossible(String reason, List<String> undefined) ->
          new WithoutCall(invocation, failed(reason, undefined));
      case Preparation.Ready(WebhookRequest request, List<String> undefined) ->
          isTooUndefined(undefined)
              ? new WithoutCall(invocation, failed(undefinedReason(undefined), undefined))
              : new WithCall(invocation, request, undefined);
    };
  }

  /** Makes the call of an action, if it has one, when subscribed to. Emits exactly one outcome. */
  public Mono<ActionOutcome> carryOut(PreparedAction action) {
    return switch (action) {
      case WithoutCall(Invocation _, ActionOutcome outcome) -> Mono.just(outcome);
      case WithCall(Invocation invocation, WebhookRequest request, List<String> undefined) ->
          client
              .call(request)
              .map(answer -> outcome(answer, undefined))
              .onErrorResume(failure -> Mono.just(unexpected(invocation, failure)));
    };
  }

  private static ActionOutcome unexpected(Invocation invocation, Throwable failure) {
    LOG.error("Invocation {} failed unexpectedly.", invocation.id(), failure);
    return failed("unexpected error " + failure.getClass().getSimpleName(), List.of());
  }

  private ActionOutcome outcome(WebhookAnswer answer, List<String> undefined) {
    return switch (answer) {
      case WebhookAnswer.Answered answered -> {
        AttemptReport report = report(answered, undefined);
        yield answered.isSuccess()
            ? new Executed(report, List.of())
            : new Failed(reason(answered), report);
      }
      case WebhookAnswer.Unanswered(String reason) ->
          new Failed(reason, new AttemptReport(null, Map.of(), null, 1, undefined));
    };
  }

  private static AttemptReport report(WebhookAnswer.Answered answered, List<String> undefined) {
    return new AttemptReport(
        answered.status(),
        answered.headers(),
        beginning(answered.body(), MAX_BODY_CHARACTERS),
        1,
        undefined);
  }

  private String reason(WebhookAnswer.Answered answered) {
    String reason = ("answered " + answered.status() + " " + answered.phrase()).strip();
    boolean isGood = answered.status() >= 200 && answered.status() < 300;
    boolean isRedirect = answered.status() >= 300 && answered.status() < 400;
    if (isGood) {
      return reason + " with a body of more than " + settings.maxResponseBytes() + " bytes";
    }
    return isRedirect ? reason + "; redirects are not followed" : reason;
  }

  private ActionOutcome emit(Invocation invocation, Action.EmitEvent action) {
    Renderings renderings = new Renderings(TemplateVariables.of(invocation, settings));
    try {
      Event event = EmittedEvents.make(invocation, action, renderings, clock.instant());
      List<String> undefined = renderings.undefined();
      return isTooUndefined(undefined)
          ? failed(undefinedReason(undefined), undefined)
          : new Executed(
              new AttemptReport(null, Map.of(), null, 0, undefined),
              List.of(new Effect.Emit(event)));
    } catch (TemplateException e) {
      return failed(TemplateFailure.reason(e), renderings.undefined());
    } catch (IllegalArgumentException e) {
      return failed("invalid event: " + e.getMessage(), renderings.undefined());
    }
  }

  private ActionOutcome setPaused(
      Invocation invocation, Action.AutomationTarget target, boolean paused) {
    String id =
        switch (target) {
          case Action.AutomationTarget.Selected(String automation) -> automation;
          case Action.AutomationTarget.Inferred inferred -> inferred(invocation.event());
        };
    if (id == null) {
      return failed("the triggering event names no automation", List.of());
    }
    if (!knownAutomation.test(id)) {
      return failed("unknown automation " + beginning(id, MAX_NAME_SHOWN), List.of());
    }
    return new Executed(AttemptReport.NONE, List.of(new Effect.SetPaused(id, paused)));
  }

  private @Nullable String inferred(@Nullable Event event) {
    return event == null ? null : NamedAutomation.in(event, settings.namespace());
  }

  private boolean isTooUndefined(List<String> undefined) {
    return settings.strictTemplates() && !undefined.isEmpty();
  }

  private static String undefinedReason(List<String> undefined) {
    return "undefined in a template: " + String.join(", ", undefined);
  }

  private static ActionOutcome failed(String reason, List<String> undefined) {
    return new Failed(reason, new AttemptReport(null, Map.of(), null, 0, undefined));
  }

  /** The first characters (code points) of a text, up to a maximum. */
  private static String beginning(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most));
  }
}
