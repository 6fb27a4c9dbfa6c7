package dev.tocsin.engine.replay;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.ActionSettings;
import dev.tocsin.actions.Invocation;
import dev.tocsin.actions.WebhookRequests;
import dev.tocsin.actions.WebhookRequests.Preparation;
import dev.tocsin.actions.webhook.WebhookRequest;
import dev.tocsin.config.Automation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The webhook requests that firings would send, rendered as the daemon does; nothing is sent. */
public final class DryRequests {

  private final ActionSettings settings;
  private final WebhookRequests requests;

  /** With these webhooks. */
  public DryRequests(ActionSettings settings) {
    this.settings = settings;
    this.requests = new WebhookRequests(settings);
  }

  /**
   * A request that would go out, or why none would.
   *
   * @param automation whose action it is
   * @param webhook name of the webhook of the settings, whose address and headers may be secret;
   *     null if the action names the address itself
   * @param request null if none can be made
   * @param refusal the reason, if none can be made
   */
  public record DryRequest(
      Automation automation,
      @Nullable String webhook,
      @Nullable WebhookRequest request,
      String refusal) {}

  /** The requests of a firing, in the order of its actions; other actions send none. */
  public List<DryRequest> of(Firing firing, Automation automation, @Nullable Event event) {
    List<DryRequest> made = new ArrayList<>();
    List<Action> actions = automation.actions().on(firing.state());
    for (int index = 0; index < actions.size(); index++) {
      Action action = actions.get(index);
      Invocation invocation = new Invocation(firing, automation.reference(), event, index, action);
      if (action instanceof Action.WebhookAction call) {
        made.add(request(automation, named(call.target()), requests.prepare(invocation, call)));
      }
    }
    return made;
  }

  private static @Nullable String named(Action.WebhookTarget target) {
    return switch (target) {
      case Action.WebhookTarget.Named(String name) -> name;
      case Action.WebhookTarget.Inline _ -> null;
    };
  }

  private DryRequest request(
      Automation automation, @Nullable String webhook, Preparation preparation) {
    return switch (preparation) {
      case Preparation.Impossible(String reason, List<String> _) ->
          new DryRequest(automation, webhook, null, reason);
      case Preparation.Ready(WebhookRequest request, List<String> undefined) ->
          settings.strictTemplates() && !undefined.isEmpty()
              ? new DryRequest(
                  automation, webhook, null, "no value for " + String.join(", ", undefined))
              : new DryRequest(automation, webhook, request, "");
    };
  }
}
