package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.actions.Action;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written for the store reads back as the same action. */
final class ActionJsonTest {

  private static final String ALL_KINDS =
      """
      name: every kind
      trigger: {expect: [a]}
      actions:
        - {type: do-nothing}
        - {type: call-webhook, webhook: ops-webhook}
        - {type: call-webhook, block_document_id: 3541c21e-8619-4cd0-a578-500e4b6560ef, payload: ""}
        - type: call-webhook
          url: "https://example.org/{{ event.id }}"
          method: put
          headers: {X-Event: "{{ event.event }}", Accept: text/plain}
          body: |
            {"text": "Zeile \\"1\\" \\\\ \u00e4 \uD83D\uDE00"}
            second line
        - {type: send-notification, webhook: ops-chat, body: b}
        - {type: send-notification, webhook: ops-chat, subject: s, body: b}
        - {type: pause-automation, automation_id: x-1}
        - {type: pause-automation, source: inferred}
        - {type: resume-automation, source: selected, automation_id: x-1}
        - {type: emit-event, event: a.b, resource: {prefect.resource.id: "x.{{ event.id }}"}}
        - type: emit-event
          event: a.b
          resource: {prefect.resource.id: x, label: y}
          related: [{prefect.resource.id: z, prefect.resource.role: r}]
          payload:
            text: "{{ event.id }}"
            number: 5
            long: 5000000000
            huge: 123456789012345678901234567890
            decimal: 1.5e3
            nothing: null
            yes: true
            list: [1, [a, {b: c}], {}]
      """;

  @Test
  void everyKindOfActionReadsBackAsItWas() {
    List<Action> actions = Resources.automation(ALL_KINDS).actions();

    Set<Class<?>> kinds = new HashSet<>();
    for (Action action : actions) {
      assertThat(ActionJson.read(ActionJson.write(action))).isEqualTo(action);
      kinds.add(action.getClass());
    }
    kinds.add(Action.Unreadable.class); // Stands for one that cannot be read, and is never written.
    assertThat(kinds).containsExactlyInAnyOrder(Action.class.getPermittedSubclasses());
  }

  @Test
  void aWebhookIsKeptByItsNameAlone() {
    Action named = Resources.automation(ALL_KINDS).actions().get(2);

    assertThat(ActionJson.write(named))
        .isEqualTo(
            """
            {"type":"call-webhook","webhook":"ops-webhook","body":""}\
            """);
  }

  @Test
  void aTextThatIsNoActionIsRefused() {
    assertThatThrownBy(() -> ActionJson.read("{\"type\":\"do-nothin\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean do-nothing?");
    assertThatThrownBy(() -> ActionJson.read("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ActionJson.read("{")).isInstanceOf(IllegalArgumentException.class);
  }
}
