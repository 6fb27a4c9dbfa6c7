package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import dev.tocsin.wire.EventJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateVariablesTest {

  private static final String PAYLOAD =
      """
      {"total": 10.50, "big": 123456789012345678901234567890, "odd": "{{ 7*7 }}{% for x in y %}",
       "tags": ["a", "b"], "gone": null}\
      """;

  private static Template.Rendering render(String source, Event event) {
    Invocation invocation = Samples.invocation(new Action.DoNothing(), event);
    return Template.parse(source).render(TemplateVariables.of(invocation, Samples.settings()));
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      emptyValue = "",
      value = {
        "{{ event.id }} {{ event.event }}              ¦ e-1 prefect.flow-run.Failed",
        "{{ event.occurred }}                          ¦ 2026-11-23T12:00:00Z",
        "{{ event.received }}                          ¦ 2026-11-23T12:00:00.250Z",
        "{{ event.resource.id }}                       ¦"
            + " prefect.flow-run.59298807-8261-44e5-b7e3-8350c6c7ec5c",
        "{{ event.resource.name }}                     ¦ calm-owl",
        "{{ event.resource['env'] }}                   ¦ prod",
        "{{ event.resource.env }}                      ¦ prod",
        "{{ event.resource.labels['prefect.resource.name'] }} ¦ calm-owl",
        "{{ event.related[0].name }}                   ¦ etl",
        "{{ event.related[1] }}                        ¦"
            + " {\"prefect.resource.id\":\"prefect.work-pool.w-1\",\"prefect.resource.role\":\"work-pool\"}",
        "{{ event.payload.total }}                     ¦ 10.50",
        "{{ event.payload.big }}                       ¦ 123456789012345678901234567890",
        "{{ event.payload.odd }}                       ¦ {{ 7*7 }}{% for x in y %}",
        "{{ event.payload.tags }}                      ¦ [\"a\",\"b\"]",
        "{{ events | length }} {{ events[0].id }}      ¦ 1 e-1",
        "{{ automation.id }} {{ automation.name }} {{ automation.tags }} {{ automation.posture }} ¦"
            + " a-1 failed runs [\"ops\"] Reactive",
        "{{ firing.id }} {{ firing.state }} {{ firing.event }} ¦ f-1 Triggered e-1",
        "{{ firing.reason }}                           ¦ event prefect.flow-run.Failed fits.",
        "{{ labels['prefect.resource.id'][:16] }}      ¦ prefect.flow-run",
        "{{ flow_run.id }} {{ flow_run.name }}         ¦ 59298807-8261-44e5-b7e3-8350c6c7ec5c"
            + " calm-owl",
        "{{ flow.id }} {{ flow['prefect.resource.id'] }} ¦ f-1 prefect.flow.f-1",
        "{{ work_pool.id }}                            ¦ w-1",
        "{{ flow_run | ui_url }}                       ¦"
            + " https://ui.example/runs/flow-run/59298807-8261-44e5-b7e3-8350c6c7ec5c",
        "{{ flow | ui_url }}                           ¦ https://ui.example/flows/flow/f-1",
        "{{ automation | ui_url }}                     ¦"
            + " https://ui.example/automations/automation/a-1",
        "{{ event | ui_url }}                          ¦"
            + " https://ui.example/events/event/2026-11-23/e-1",
        "{{ event.resource | ui_resource_events_url }} ¦"
            + " https://ui.example/events?resource=prefect.flow-run.59298807-8261-44e5-b7e3-8350c6c7ec5c",
        "{{ automation | ui_resource_events_url }}     ¦"
            + " https://ui.example/events?resource=prefect.automation.a-1",
      })
  void holdWhatPrefectsDo(String source, String expected) {
    Template.Rendering rendering = render(source, Samples.event(PAYLOAD));
    assertThat(rendering.text()).isEqualTo(expected);
    assertThat(rendering.undefined()).isEmpty();
  }

  @Test
  void tellWhatIsMissing() {
    Template.Rendering rendering =
        render(
            "{{ event.resource.nope }}{{ event.payload.x }}{{ event.payload.gone }}"
                + "{{ deployment.id }}{{ event.payload.x }}{{ event.follows }}",
            Samples.event(PAYLOAD));
    assertThat(rendering.text()).isEmpty();
    assertThat(rendering.undefined())
        .containsExactly(
            "event.resource.nope",
            "event.payload.x",
            "event.payload.gone",
            "deployment.id",
            "event.follows");
  }

  @Test
  void areThereWithoutAnEvent() {
    Invocation invocation = Samples.invocation(new Action.DoNothing(), null);
    Template.Rendering rendering =
        Template.parse("{{ automation.id }}{{ event.id }}{{ events }}")
            .render(TemplateVariables.of(invocation, Samples.settings()));
    assertThat(rendering.text()).isEqualTo("a-1[]");
    assertThat(rendering.undefined()).containsExactly("event.id");
  }

  @Test
  void parseThePayloadOnlyWhenAsked() {
    Event broken = Samples.event("not JSON at all");
    assertThat(render("{{ event.id }}", broken).text()).isEqualTo("e-1");
    assertThatThrownBy(() -> render("{{ event.payload.x }}", broken))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("event.payload cannot be read: ");
  }

  @Test
  void printAnEventAsPrefectServesIt() {
    Event event = Samples.event("{\"count\":3}");
    assertThat(render("{{ event | tojson }}", event).text())
        .isEqualTo(new String(EventJson.write(event), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void keepAnIdThatIsNotPrefects() {
    Event event =
        new Event(
            "e-2",
            Samples.NOON,
            "x",
            Resource.of(Resource.ID, "prefect.flow-run."),
            List.of(),
            Payload.EMPTY,
            null,
            Samples.NOON,
            null);
    assertThat(render("{{ flow_run.id }}", event).text()).isEqualTo("prefect.flow-run.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999", "-1E-99999999999", "1e2147483648", "1"})
  void aNumberThatNobodyCanComputeWithIsItsText(String number) {
    String odd = number.equals("1") ? "1".repeat(1_500) : number;
    Event event = Samples.event("{\"odd\": " + odd + ", \"level\": 5}");
    assertThat(render("{{ event.payload.level + 1 }} {{ event.payload.odd }}", event).text())
        .isEqualTo("6 " + odd);
  }
}
