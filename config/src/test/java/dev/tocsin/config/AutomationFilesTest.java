package dev.tocsin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tocsin.actions.Action;
import dev.tocsin.actions.Action.AutomationTarget;
import dev.tocsin.actions.Action.WebhookTarget;
import dev.tocsin.actions.Template;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Pattern;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.wire.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Good automations, in all the ways in which they may be written. */
final class AutomationFilesTest {

  @TempDir Path folder;

  private static EventTrigger eventTrigger(String fields) {
    return (EventTrigger) Resources.automation("name: x\ntrigger: {" + fields + "}").trigger();
  }

  private static Posture.Proactive proactive(String fields) {
    return (Posture.Proactive) eventTrigger("posture: Proactive, " + fields).posture();
  }

  private static List<String> names(AutomationFiles.ReadAutomations reading) {
    return reading.automations().automations().stream().map(Automation::name).toList();
  }

  @Test
  void prefectsOwnAutomationsLoadAsTheyAre() {
    AutomationFiles.ReadAutomations reading =
        Resources.automationFiles().read(List.of(Resources.path("good/prefect-automations.yaml")));

    assertThat(reading.problems()).isEmpty();
    assertThat(names(reading)).hasSize(15).startsWith("flow-run-stuck-in-running");
    List<Trigger> triggers =
        reading.automations().automations().stream().map(Automation::trigger).toList();
    assertThat(triggers).filteredOn(EventTrigger.class::isInstance).hasSize(11);
    assertThat(triggers).filteredOn(CompoundTrigger.class::isInstance).hasSize(2);
    assertThat(triggers).filteredOn(SequenceTrigger.class::isInstance).hasSize(2);
    assertThat(reading.automations().automations().get(2).actions().always())
        .containsExactly(
            new Action.SendNotification(
                new WebhookTarget.Named("ops-chat"),
                Template.parse("Zombie flow run {{ event.resource.name }}"),
                Template.parse("No heartbeat from {{ event.resource.id }} for 45 seconds.")));
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    Automation automation = Resources.automation("{name: least, trigger: {expect: a}}");

    assertThat(automation)
        .isEqualTo(
            new Automation(
                automation.id(),
                "least",
                "",
                true,
                List.of(),
                EventTrigger.reactive().expect("a").build(),
                ActionLists.NONE,
                Definition.of("{\"name\":\"least\",\"trigger\":{\"expect\":\"a\"}}")));
    assertThat(automation.id()).matches("[0-9a-f-]{36}");
    assertThat(Resources.automation("{name: least, trigger: {expect: b}}").id())
        .as("the id follows from the name alone")
        .isEqualTo(automation.id());
    assertThat(Resources.automation("{name: other, trigger: {expect: a}}").id())
        .isNotEqualTo(automation.id());
  }

  @Test
  void everyFieldOfAReactiveTriggerIsRead() {
    EventTrigger trigger =
        eventTrigger(
            """
            type: event, posture: rEACTIVE, match: {a: x, b: [y, "!z"]}, match_related: [{c: d}, {}],
            where: event.payload.n > 5, after: [m], expect: [n, o*], for_each: ["related:r:l", k],
            threshold: 4, within: 1h30m, max_keys: 7, match_all: true, id: ignored
            """);

    assertThat(trigger.posture()).isEqualTo(new Posture.Reactive());
    assertThat(trigger.match().patterns())
        .isEqualTo(
            Map.of("a", List.of(Pattern.of("x")), "b", List.of(Pattern.of("y"), Pattern.of("!z"))));
    assertThat(trigger.matchRelated()).hasSize(2);
    assertThat(trigger.where()).isNotNull().extracting("text").isEqualTo("event.payload.n > 5");
    assertThat(trigger.after()).containsExactly(Pattern.of("m"));
    assertThat(trigger.expect()).containsExactly(Pattern.of("n"), Pattern.of("o*"));
    assertThat(trigger.forEach())
        .containsExactly(LabelReference.parse("k"), LabelReference.parse("related:r:l"));
    assertThat(trigger.threshold()).isEqualTo(4);
    assertThat(trigger.within()).isEqualTo(Duration.ofMinutes(90));
    assertThat(trigger.maxKeys()).isEqualTo(7);
    assertThat(trigger.matchAll()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "30, PT30S",
    "0.5, PT0.5S",
    "1e2, PT1M40S",
    "0x10, PT16S",
    "'\"30\"', PT30S",
    "30s, PT30S",
    "5m, PT5M",
    "1h30m, PT1H30M",
    "2d, PT48H",
    "250ms, PT0.25S",
    "1m0.5s, PT1M0.5S",
    "PT5M, PT5M",
    "P1DT2H, PT26H",
    "'\"0:05:00\"', PT5M",
    "'\"26:00:00.5\"', PT26H0.5S",
    "0.0000019, PT0.000001S",
  })
  void aTimeMayBeWrittenInManyWays(String written, Duration within) {
    assertThat(eventTrigger("expect: a, within: " + written).within()).isEqualTo(within);
  }

  @Test
  void aProactiveTriggerHasDefaultsOfItsOwn() {
    assertThat(eventTrigger("posture: proactive, expect: a").within())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(eventTrigger("posture: Proactive, expect: a, within: 0").within())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(proactive("expect: a, within: 30"))
        .isEqualTo(
            new Posture.Proactive(
                Duration.ZERO,
                OnBlind.EXTEND,
                Duration.ofSeconds(30),
                List.of(),
                Duration.ofDays(30)));
    assertThat(proactive("expect: a").repeat()).isEqualTo(Duration.ofSeconds(10));
    assertThat(proactive("expect: a, repeat: never").repeat()).isNull();
    assertThat(proactive("expect: a, for_each: [k]").repeat()).isNull();
    assertThat(proactive("expect: a, for_each: [k], repeat: 5m").repeat())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(proactive("expect: a, after: [b]").repeat()).isNull();
  }

  @Test
  void everyFieldOfAWatchIsRead() {
    Posture.Proactive posture =
        proactive(
            """
            expect: a, for_each: [region, host], lateness: 15m, on_blind: suppress, repeat: 1m,
            roster: [{host: h1, region: r1}, {region: r2, host: h2}], forget_after: 1d
            """);

    assertThat(posture)
        .isEqualTo(
            new Posture.Proactive(
                Duration.ofMinutes(15),
                OnBlind.SUPPRESS,
                Duration.ofMinutes(1),
                List.of(
                    new BucketingKey(List.of("h1", "r1")), new BucketingKey(List.of("h2", "r2"))),
                Duration.ofDays(1)));
  }

  @Test
  void compositesNest() {
    Automation automation =
        Resources.automation(
            """
            name: nested
            trigger:
              type: sequence
              within: null
              for_each: [k]
              triggers:
                - {expect: a, for_each: [k, l]}
                - type: compound
                  require: 1
                  within: 60
                  for_each: [k]
                  max_keys: 5
                  triggers: [{expect: b, for_each: k}, {expect: c, for_each: k}]
            """);

    EventTriggerBuilder keyed = EventTrigger.reactive().forEach("k");
    assertThat(automation.trigger())
        .isEqualTo(
            new SequenceTrigger(
                List.of(
                    EventTrigger.reactive().expect("a").forEach("k", "l").build(),
                    new CompoundTrigger(
                        List.of(keyed.expect("b").build(), keyed.expect("c").build()),
                        1,
                        Duration.ofMinutes(1),
                        List.of(LabelReference.parse("k")),
                        5)),
                null,
                List.of(LabelReference.parse("k")),
                EventTrigger.DEFAULT_MAX_KEYS));
  }

  @ParameterizedTest
  @CsvSource({"any, 1", "all, 2", "2, 2", "null, 2"})
  void requireIsAnyAllOrANumber(String written, int require) {
    Automation automation =
        Resources.automation(
            "name: x\ntrigger: {type: compound, within: 5, require: "
                + written
                + ", triggers: [{expect: a}, {expect: b}]}");

    assertThat(((CompoundTrigger) automation.trigger()).require()).isEqualTo(require);
  }

  @Test
  void theActionsOfAllThreeListsAreRead() {
    Automation automation =
        Resources.automation(
            """
            name: actions
            trigger: {expect: a}
            actions: [{type: call-webhook, url: "https://x/{{ event.id }}", method: put}]
            actions_on_trigger: [{type: resume-automation, source: inferred}]
            actions_on_resolve: [{type: send-notification, webhook: ops-chat, body: b}]
            """);

    assertThat(automation.actions().always())
        .containsExactly(
            new Action.CallWebhook(
                new WebhookTarget.Inline(
                    "PUT", Template.parse("https://x/{{ event.id }}"), Map.of()),
                null));
    assertThat(automation.actions().onTrigger())
        .containsExactly(new Action.ResumeAutomation(new AutomationTarget.Inferred()));
    assertThat(automation.actions().onResolve())
        .containsExactly(
            new Action.SendNotification(
                new WebhookTarget.Named("ops-chat"),
                Template.parse("Automation {{ automation.name }} fired"),
                Template.parse("b")));
  }

  @Test
  void whatAPrefectExportCarriesBesideIsIgnored() {
    Automation automation =
        Resources.automation(
            """
            {"id": "5a8a9b7e-0000-4000-8000-000000000001", "created": "2026-01-01T00:00:00Z",
             "updated": "2026-01-01T00:00:00Z", "owner_resource": null, "name": "exported",
             "description": null, "trigger": {"id": "1", "type": "event", "posture": "Reactive",
             "expect": ["a"], "within": 0.0}, "actions": [{"type": "pause-automation",
             "source": "inferred", "automation_id": null}]}
            """);

    assertThat(automation.id()).isEqualTo("5a8a9b7e-0000-4000-8000-000000000001");
  }

  @Test
  void aFileMayHoldDocumentsAndLists() {
    AutomationFiles.ReadAutomations reading =
        Resources.automationFiles()
            .readText(
                "mixed.yaml",
                """
                name: one
                trigger: {expect: a}
                ---
                automations:
                  - {name: two, trigger: {expect: a}}
                  - {name: three, trigger: {expect: a}}
                ---
                # nothing
                ---
                {"name": "four", "trigger": {"expect": "a"}}
                """);

    assertThat(reading.hasErrors()).isFalse();
    assertThat(names(reading)).containsExactly("one", "two", "three", "four");
  }

  @Test
  void aFolderIsReadInTheOrderOfItsNames() throws IOException {
    write("b.yml", "{name: b, trigger: {expect: a}}");
    write("a.yaml", "{name: a, trigger: {expect: a}}");
    write("c.json", "{\"name\": \"c\", \"trigger\": {\"expect\": \"a\"}}");
    write("notes.txt", "not read");
    write(".hidden.yaml", "not read");
    Files.createDirectory(folder.resolve("inner.yaml"));

    AutomationFiles.ReadAutomations reading = Resources.automationFiles().read(List.of(folder));

    assertThat(reading.hasErrors()).isFalse();
    assertThat(names(reading)).containsExactly("a", "b", "c");
  }

  @Test
  void aPipeInAFolderIsRefusedAndNotWaitedFor() throws Exception {
    String pipe = folder.resolve("p.yaml").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    assertThat(
            assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> Resources.automationFiles().read(List.of(folder)).problems()))
        .extracting(Problem::toString)
        .containsExactly(pipe + "  is not a regular file");
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path empty = Files.createDirectory(folder.resolve("empty"));

    AutomationFiles.ReadAutomations reading =
        Resources.automationFiles().read(List.of(missing, empty));

    assertThat(reading.problems().stream().map(Problem::toString))
        .containsExactly(
            missing + "  does not exist",
            empty + "  warning: contains no .yaml, .yml or .json file");
  }

  @Test
  void twoFilesMayNotShareAName() throws IOException {
    write("a.yaml", "{name: same, trigger: {expect: a}}");
    write("b.yaml", "{name: same, trigger: {expect: a}}");

    AutomationFiles.ReadAutomations reading = Resources.automationFiles().read(List.of(folder));

    assertThat(reading.problems().stream().filter(Problem::isError).map(Problem::toString))
        .containsExactly(
            folder.resolve("b.yaml")
                + ":1:8  name  duplicate name 'same', used at "
                + folder.resolve("a.yaml")
                + ":1:8 too; automations with the same name need an id each");
  }

  @Test
  void jsonIsReadAsJson() throws IOException {
    String longLabel = "l".repeat(3_000);
    write(
        "real.json",
        "\uFEFF{\n\t\"name\"\n\t:\n\t\"tabs \\ud83d\\ude00 \\/ \\u00e4 \u007f\",\r\n"
            + "\t\"trigger\":{\"match\":{\""
            + longLabel
            + "\":\"x\"},\"threshold\":1}}");

    AutomationFiles.ReadAutomations reading = Resources.automationFiles().read(List.of(folder));

    assertThat(reading.hasErrors()).isFalse();
    assertThat(names(reading)).containsExactly("tabs \uD83D\uDE00 / \u00e4 \u007f");
  }

  private void write(String name, String text) throws IOException {
    Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
