package dev.tocsin.actions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an automation does when it fires. */
public sealed interface Action {

  /** The name of the kind in YAML and in action events. */
  String type();

  /**
   * Calls a webhook.
   *
   * @param target whom
   * @param body what to send; null sends the firing, the automation and the event as JSON
   */
  record CallWebhook(WebhookTarget target, @Nullable Template body) implements Action {
    @Override
    public String type() {
      return "call-webhook";
    }
  }

  /**
   * Sends {@code {"subject", "body"}} as JSON to a named webhook.
   *
   * @param webhook its name in the settings
   */
  record SendNotification(String webhook, Template subject, Template body) implements Action {
    @Override
    public String type() {
      return "send-notification";
    }
  }

  /**
   * Emits an event of its own.
   *
   * @param event its name
   * @param resource its labels, {@code prefect.resource.id} among them
   * @param related labels of its related resources
   * @param payload its payload, an object; null is none
   */
  record EmitEvent(
      Template event,
      Map<String, Template> resource,
      List<Map<String, Template>> related,
      @Nullable JsonTemplate payload)
      implements Action {
    @Override
    public String type() {
      return "emit-event";
    }
  }

  /**
   * Switches an automation off.
   *
   * @param target which
   */
  record PauseAutomation(AutomationTarget target) implements Action {
    @Override
    public String type() {
      return "pause-automation";
    }
  }

  /**
   * Switches an automation on.
   *
   * @param target which
   */
  record ResumeAutomation(AutomationTarget target) implements Action {
    @Override
    public String type() {
      return "resume-automation";
    }
  }

  /** Does nothing, and says so in its events. */
  record DoNothing() implements Action {
    @Override
    public String type() {
      return "do-nothing";
    }
  }

  /**
   * Stands for an action that was stored and cannot be read any more. It fails when carried out.
   *
   * @param reason why, for an operator
   */
  record Unreadable(String reason) implements Action {
    @Override
    public String type() {
      return "unreadable";
    }
  }

  /** Whom a webhook call goes to. */
  sealed interface WebhookTarget {

    /**
     * An address in the automation itself.
     *
     * @param method an HTTP method, upper case
     * @param url a template of an absolute http or https URL
     * @param headers templates of header values by name
     */
    record Inline(String method, Template url, Map<String, Template> headers)
        implements WebhookTarget {}

    /**
     * A webhook of the settings.
     *
     * @param name its name there
     */
    record Named(String name) implements WebhookTarget {}
  }

  /** Which automation is paused or resumed. */
  sealed interface AutomationTarget {

    /**
     * The one with this id ({@code source: selected}).
     *
     * @param automation its id
     */
    record Selected(String automation) implements AutomationTarget {}

    /** The one that the triggering event names ({@code source: inferred}). */
    record Inferred() implements AutomationTarget {}
  }
}
