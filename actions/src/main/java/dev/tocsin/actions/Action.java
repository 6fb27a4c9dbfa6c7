package dev.tocsin.actions;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an automation does when it fires.
 *
 * <p>A new action type is a record here with its {@link ActionType}. The compiler then lists the
 * two other places: its execution in {@link ActionExecutor} and its reader in {@code
 * config.ActionReader}.
 */
public sealed interface Action {

  /** The name of the type in YAML and in action events. */
  String type();

  /**
   * The queue in which its invocations wait, as text. Invocations of one lane are carried out one
   * at a time and in order; those of different lanes do not wait for each other.
   */
  String lane();

  /** The types that an automation can declare. */
  enum ActionType {
    CALL_WEBHOOK("call-webhook"),
    SEND_NOTIFICATION("send-notification"),
    EMIT_EVENT("emit-event"),
    PAUSE_AUTOMATION("pause-automation"),
    RESUME_AUTOMATION("resume-automation"),
    DO_NOTHING("do-nothing");

    private final String label;

    ActionType(String label) {
      this.label = label;
    }

    /** The name in YAML and in action events. */
    public String label() {
      return label;
    }

    /** The labels of all types. */
    public static List<String> labels() {
      return Arrays.stream(values()).map(ActionType::label).toList();
    }

    /** The type of this label; null if it is unknown. */
    public static @Nullable ActionType find(String label) {
      return Arrays.stream(values())
          .filter(type -> type.label.equals(label))
          .findFirst()
          .orElse(null);
    }
  }

  /** An action that sends a request to a webhook. */
  sealed interface WebhookAction extends Action {

    /** The webhook that it calls. */
    WebhookTarget target();

    @Override
    default String lane() {
      return target().lane();
    }
  }

  /**
   * Calls a webhook.
   *
   * @param target the webhook
   * @param body template of the request's body; null sends the firing, the automation and the event
   *     as JSON
   */
  record CallWebhook(WebhookTarget target, @Nullable Template body) implements WebhookAction {
    @Override
    public String type() {
      return ActionType.CALL_WEBHOOK.label();
    }
  }

  /**
   * Sends {@code {"subject", "body"}} as JSON to a named webhook.
   *
   * @param target the webhook of the settings
   */
  record SendNotification(WebhookTarget.Named target, Template subject, Template body)
      implements WebhookAction {
    @Override
    public String type() {
      return ActionType.SEND_NOTIFICATION.label();
    }
  }

  /**
   * Emits an event.
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
      return ActionType.EMIT_EVENT.label();
    }

    @Override
    public String lane() {
      return Lane.ENGINE;
    }
  }

  /**
   * Pauses an automation.
   *
   * @param target the automation
   */
  record PauseAutomation(AutomationTarget target) implements Action {
    @Override
    public String type() {
      return ActionType.PAUSE_AUTOMATION.label();
    }

    @Override
    public String lane() {
      return Lane.ENGINE;
    }
  }

  /**
   * Resumes an automation.
   *
   * @param target the automation
   */
  record ResumeAutomation(AutomationTarget target) implements Action {
    @Override
    public String type() {
      return ActionType.RESUME_AUTOMATION.label();
    }

    @Override
    public String lane() {
      return Lane.ENGINE;
    }
  }

  /** Does nothing; its events record that it ran. */
  record DoNothing() implements Action {
    @Override
    public String type() {
      return ActionType.DO_NOTHING.label();
    }

    @Override
    public String lane() {
      return Lane.ENGINE;
    }
  }

  /**
   * Replaces a stored action that cannot be read any more. It fails when carried out.
   *
   * @param reason why, for an operator
   */
  record Unreadable(String reason) implements Action {
    @Override
    public String type() {
      return "unreadable";
    }

    @Override
    public String lane() {
      return Lane.ENGINE;
    }
  }

  /** The webhook that an action calls. */
  sealed interface WebhookTarget {

    /** The lane of its invocations. */
    String lane();

    /**
     * An address in the automation itself.
     *
     * @param method an HTTP method, upper case
     * @param url a template of an absolute http or https URL
     * @param headers templates of header values by name
     */
    record Inline(String method, Template url, Map<String, Template> headers)
        implements WebhookTarget {
      @Override
      public String lane() {
        return Lane.ofUrl(url.source().strip());
      }
    }

    /**
     * A webhook of the settings.
     *
     * @param name its name there
     */
    record Named(String name) implements WebhookTarget {
      @Override
      public String lane() {
        return Lane.ofWebhook(name);
      }
    }
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
