package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tocsin.actions.Action;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A definition is read again as the automation that was declared. */
final class DefinitionReaderTest {

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

  private final DefinitionReader reader =
      new DefinitionReader(Resources.settings().settings().delivery().webhooks());

  @Test
  void everyKindOfActionReadsBackAsItWas() {
    Automation declared = Resources.automation(ALL_KINDS);

    assertThat(reader.read(declared.definition())).isEqualTo(declared);
    assertThat(declared.actions().always().stream().map(Action::type).distinct())
        .containsExactlyInAnyOrderElementsOf(Action.ActionType.labels());
  }

  @Test
  void everyAutomationOfEveryGoodFileReadsBackAsItWas() {
    List<Path> files = List.of(Resources.path("good"));
    List<Automation> declared = Resources.automationFiles().read(files).automations().automations();

    assertThat(declared.size()).isEqualTo(15);
    for (Automation automation : declared) {
      Automation again = reader.read(automation.definition());
      assertThat(again).usingRecursiveComparison().ignoringFields("trigger").isEqualTo(automation);
      assertThat(again.trigger().toString()).isEqualTo(automation.trigger().toString());
    }
  }

  @Test
  void aDefinitionHoldsWhatWasWrittenInTheOrderWritten() {
    String yaml =
        """
        trigger: {expect: a, within: 030, threshold: 0x7}
        name: "quoted \u00e4"
        enabled: True
        description: ~
        actions:
          - {type: emit-event, event: e, resource: {prefect.resource.id: i}, payload: {n: 1.50, m: .5, l: 2.}}
        """;

    assertThat(Resources.automation(yaml).definition().json())
        .isEqualTo(
            """
            {"trigger":{"expect":"a","within":30,"threshold":7},"name":"quoted ä",\
            "enabled":true,"description":null,"actions":[{"type":"emit-event","event":"e",\
            "resource":{"prefect.resource.id":"i"},"payload":{"n":1.50,"m":0.5,"l":2.0}}]}\
            """);
  }

  @Test
  void aWebhookMayBeGone() {
    Automation declared =
        Resources.automation(
            """
            name: n
            trigger: {expect: a}
            actions: [{type: send-notification, webhook: ops-chat, body: b}]
            """);

    assertThat(new DefinitionReader(Map.of()).read(declared.definition())).isEqualTo(declared);
  }

  @Test
  void whatCannotBeReadIsRefusedWithEveryReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(Definition.of("{\"name\":\"n\",\"triger\":{}}")))
        .withMessageContaining("missing field trigger")
        .withMessageContaining("did you mean trigger?");
    assertThatIllegalArgumentException().isThrownBy(() -> reader.read(Definition.of("{")));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.read(Definition.of("")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(new Definition("0".repeat(64), "{}")))
        .withMessageContaining("fingerprint");
  }
}
