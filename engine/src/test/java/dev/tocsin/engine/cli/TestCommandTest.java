package dev.tocsin.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.docs.Markdown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

class TestCommandTest {

  private static final String SETTINGS =
      """
      webhooks:
        pager: {url: "https://pager.example.com/secret-token", headers: {X-Key: hidden}}
      """;

  private static final String AUTOMATIONS =
      """
      automations:
        - name: silent
          trigger: {posture: Proactive, expect: [beat], for_each: [prefect.resource.id], within: 90s}
          actions_on_trigger:
            - {type: call-webhook, webhook: pager, body: '{"event": {{ event.id | tojson }}}'}
            - {type: pause-automation, source: inferred}
          actions_on_resolve:
            - {type: call-webhook, url: "https://example.com/resolved", body: back}
        - name: thrice
          trigger: {expect: [fail], threshold: 3, within: 1m}
          actions: [{type: do-nothing}]
      """;

  private static final String BEAT = "{at: %s, event: beat, resource: {prefect.resource.id: h}}";
  private static final String FAIL = "{at: %s, event: fail, resource: {prefect.resource.id: f}}";

  @TempDir Path folder;

  @Test
  void allConformanceVectorsPass() throws IOException {
    Path vectors = Markdown.root().resolve("triggers/src/test/resources/conformance");
    for (String name : List.of("cases.ndjson", "random.ndjson")) {
      try (InputStream packed = Files.newInputStream(vectors.resolve(name + ".gz"));
          InputStream lines = new GZIPInputStream(packed)) {
        Files.copy(lines, folder.resolve(name));
      }
    }
    CommandRun run = CommandRun.of(command(), folder.toString());
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines("1936 passed, 0 failed");
  }

  @Test
  void timesAreRelativeToStartAndWhatIsLeftOutIsNotAsked() throws IOException {
    CommandRun run =
        run(
            List.of(BEAT.formatted("+0s"), BEAT.formatted("+3m")),
            "+10m",
            """
            expect:
              - {automation: silent, at: +90s}
              - {automation: silent, state: Resolved, event: event-2}
              - {automation: silent, triggered: "2026-01-01T00:04:30Z", labels: {prefect.resource.id: h}}
            expect_includes:
              - {automation: silent, at: +270s}
            """);
    assertThat(run.out()).isEqualToIgnoringNewLines("1 passed, 0 failed");
    assertThat(run.exit()).isZero();
  }

  @Test
  void aFiringThatDidNotComeIsExplainedByTheEvents() throws IOException {
    CommandRun run =
        run(
            List.of(
                FAIL.formatted("+0s"),
                BEAT.formatted("+1s"),
                FAIL.formatted("+50s"),
                FAIL.formatted("+60s"),
                FAIL.formatted("-1m")),
            "+2m",
            "expect_includes: [{automation: thrice, at: +60s}]");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out().lines())
        .containsSubsequence(
            "  firings are missing (- expected, + fired), in this order:",
            "    - {\"automation\":\"thrice\",\"triggered\":\"2026-01-01T00:01:00Z\","
                + "\"state\":\"Triggered\"}",
            "  what the events did to thrice:",
            "    event-1  2026-01-01T00:00:00Z  fail  f  COUNTED: 1 of 3",
            "    event-2  2026-01-01T00:00:01Z  beat  h  not covered",
            "    event-3  2026-01-01T00:00:50Z  fail  f  COUNTED: 2 of 3",
            "    event-4  2026-01-01T00:01:00Z  fail  f  COUNTED: 2 of 3",
            "    event-5  2025-12-31T23:59:00Z  fail  f  LATE",
            "0 passed, 1 failed");
  }

  @Test
  void aFiringTooManyIsADifference() throws IOException {
    CommandRun run = run(List.of(BEAT.formatted("+0s")), "+90s", "expect: []");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("    + {\"automation\":\"silent\"").doesNotContain("what the");
  }

  @Test
  void theRequestsAreThoseThatWouldGoOut() throws IOException {
    CommandRun run =
        run(
            List.of(BEAT.formatted("+0s"), BEAT.formatted("+3m")),
            "+3m",
            """
            expect_requests:
              - webhook: pager
                automation: silent
                method: POST
                url: https://pager.example.com/secret-token
                headers: {content-type: application/json}
                body: {event: event-1}
              - {method: POST, url: "https://example.com/resolved", body: back}
            """);
    assertThat(run.out()).isEqualToIgnoringNewLines("1 passed, 0 failed");
  }

  @Test
  void aDifferentRequestIsShownWithoutSecrets() throws IOException {
    CommandRun run =
        run(
            List.of(BEAT.formatted("+0s")),
            "+3m",
            """
            expect_requests:
              - {url: "https://example.com", method: PUT, headers: {X-Key: x, X-None: y}, body: {a: 1}}
              - {webhook: other}
            """);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "request 1 method:",
            "- PUT",
            "+ POST",
            "request 1 header X-None:",
            "+ (none)",
            "+ {\"event\": \"event-1\"}",
            "- any method to other")
        .doesNotContain("secret-token", "hidden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          start: yesterday, expect: []                       | start  must be a time
          start: 2026-01-01, expect: []                      | start  must be a time
          start: 2026-01-01T00:00:00Z                        | missing expectation
          start: 2026-01-01T00:00:00Z, expect: {}            | expect  must be a list
          start: 2026-01-01T00:00:00Z, expect: [{}]          | expect[0]  missing field automation
          start: 2026-01-01T00:00:00Z, expct: []             | did you mean expect?
          start: 2026-01-01T00:00:00Z, expect: [], until: +10000000d | years 0000 to 9999
          start: 2026-01-01T00:00:00Z, expect: [], until: 5  | until  must be a time
          start: 2026-01-01T00:00:00Z, expect: [], events: [1] | events[0]  must be an object
          start: 2026-01-01T00:00:00Z, expect: [], events: [{}] | events[0]  missing field occurred, or at
          start: 2026-01-01T00:00:00Z, expect: [{automation: x}] | unknown automation 'x'
          start: 2026-01-01T00:00:00Z, expect: [{automation: thrice, state: Trigerd}] | did you mean
          start: 2026-01-01T00:00:00Z, expect: [{automation: thrice, labels: {a: 1}}] | labels.a  must be
          start: 2026-01-01T00:00:00Z, expect: [], blind: [{from: +1m}] | blind[0]  missing field until
          start: 2026-01-01T00:00:00Z, expect: [], blind: [{from: +1m, until: 3}] | until  must be a time
          start: 2026-01-01T00:00:00Z, expect: [], blind: [{from: +1m, until: +1m}] | must be after from
          start: 2026-01-01T00:00:00Z, expect: [], blind: [{from: +1m, untl: +2m}] | did you mean until?
          expect: []                                         | missing field start
          """)
  void aMistakeIsLocated(String fields, String message) throws IOException {
    write("automations.yaml", AUTOMATIONS);
    Path tests =
        write("t.yaml", "automations: automations.yaml\ntests:\n  - {name: n, " + fields + "}\n");
    CommandRun run = CommandRun.of(command(), tests.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("t.yaml:3:").contains(message).endsWith("0 passed, 1 failed\n");
  }

  @Test
  void everyMistakeOfAFileIsToldAtOnce() throws IOException {
    Path tests =
        write(
            "t.yaml",
            """
            automations:
              - name: silent
                trigger: {posture: Proactiv, expect: [beat], within: 365250000d}
                actions: [{type: do-nothing}]
              - name: both
                trigger: {type: compound, require: 3, within: .nan, triggers: [{expect: [a], threshold: 0}]}
                actions: [{type: do-nothing}]
            tests:
              - name: one
                start: now
                events: [{at: 5, event: "", resource: {}}, {event: x, follows: 7}]
                expect: [{automation: silnt, state: Gone}]
                until: never
              - {nam: two}
              - 3
            more: 1
            """);
    CommandRun run = CommandRun.of(command(), tests.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out().lines().map(line -> line.replaceFirst(".*t\\.yaml", "t.yaml")))
        .map(line -> line.replaceFirst("(  .*?  .{1,40}).*", "$1"))
        .containsExactly(
            "t.yaml  (the file itself)  not run: invalid",
            "t.yaml:3:58  automations[0].trigger.within  must be a duration such as 30s, 5m, 1h30",
            "t.yaml:3:24  automations[0].trigger.posture  must be Reactive or Proactive, not 'Proa",
            "t.yaml:6:93  automations[1].trigger.triggers[0].threshold"
                + "  must be a whole number from 1 to 100,000",
            "t.yaml:6:51  automations[1].trigger.within  must be a duration such as 30s, 5m, 1h30",
            "t.yaml:6:40  automations[1].trigger.require  must be a whole number from 1 to 1, not ",
            "t.yaml:16:1  more  unknown field",
            "t.yaml:9  one  not run: invalid",
            "t.yaml:10:12  tests[0].start  must be a time: an instant such as 2026-",
            "t.yaml:11:19  tests[0].events[0].at  must be a time: an instant such as 2026-",
            "t.yaml:11:29  tests[0].events[0].event  String should have at least 1 character",
            "t.yaml:11:43  tests[0].events[0].resource['prefect.resource.id']  Field required",
            "t.yaml:11:48  tests[0].events[1]  missing field occurred, or at",
            "t.yaml:11:48  tests[0].events[1].resource  Field required",
            "t.yaml:11:68  tests[0].events[1].follows  must be text (put it in quotes), not the",
            "t.yaml:12:41  tests[0].expect[0].state  must be Triggered or Resolved, not 'Gone",
            "t.yaml:13:12  tests[0].until  must be a time: an instant such as 2026-",
            "t.yaml:14  tests[1]  not run: invalid",
            "t.yaml:14:5  tests[1]  missing field start",
            "t.yaml:14:5  tests[1]  missing expectation: add expect, expect_",
            "t.yaml:14:6  tests[1].nam  unknown field; did you mean name?",
            "t.yaml:15  tests[2]  not run: invalid",
            "t.yaml:15:5  tests[2]  must be an object, not the number 3",
            "0 passed, 4 failed");
  }

  @Test
  void eventsHaveTheLimitsAndMessagesOfSentEvents() throws IOException {
    Path settings = write("tocsin.yaml", "max_labels: 2\nmax_related: 1\n");
    Path tests =
        write(
            "t.yaml",
            """
            automations: []
            tests:
              - name: n
                start: 2026-01-01T00:00:00Z
                events:
                  - at: +0s
                    id: LONG
                    event: e
                    resource: {prefect.resource.id: r, a: b, c: d}
                    related: [{prefect.resource.id: r, prefect.resource.role: ""}, {}]
                    payload: 1
                  - {at: +0s, event: e, resource: {prefect.resource.id: r, port: 80}}
                expect: []
            """
                .replace("LONG", "i".repeat(256)));
    CommandRun run = CommandRun.of(command(), "--config", settings.toString(), tests.toString());
    String shortened = "i".repeat(199) + "…";
    assertThat(run.out().lines().map(line -> line.replaceFirst(".*t\\.yaml", "t.yaml")))
        .containsExactly(
            "t.yaml:3  n  not run: invalid",
            "t.yaml:7:13  tests[0].events[0].id  String should have at most 255 characters;"
                + " has 256; is "
                + shortened,
            "t.yaml:9:19  tests[0].events[0].resource  Resource has 3 labels; at most 2 labels a"
                + " resource",
            "t.yaml:10:18  tests[0].events[0].related  Event has 2 related resources; at most 1"
                + " related resources an event",
            "t.yaml:10:67  tests[0].events[0].related[0]['prefect.resource.role']  String should"
                + " have at least 1 character",
            "t.yaml:11:18  tests[0].events[0].payload  Input should be a valid dictionary; is 1",
            "t.yaml:12:70  tests[0].events[1].resource.port  must be text (put it in quotes), not"
                + " the number 80",
            "0 passed, 1 failed");
  }

  @Test
  void strangeTimesIdsAndLeadersBreakNothing() throws IOException {
    String x = "event: x, resource: {prefect.resource.id: r}}";
    Path tests =
        write(
            "t.yaml",
            """
            automations:
              - name: each
                trigger: {expect: [x]}
                actions: [{type: do-nothing}]
              - name: silent
                trigger: {posture: Proactive, expect: [x], within: 1h}
                actions: [{type: do-nothing}]
            tests:
              - name: strange
                start: 2026-01-01T00:00:00Z
                events:
                  - {id: a, at: +0s, EVENT
                  - {id: a, at: +1s, payload: {other: content}, EVENT
                  - {id: past, at: "0000-01-01T00:00:00Z", received: +2s, EVENT
                  - {id: future, at: "9999-12-31T23:59:59Z", received: +3s, EVENT
                  - {id: back, at: +4s, received: "1999-01-01T00:00:00Z", EVENT
                  - {id: self, follows: self, at: +5s, EVENT
                  - {id: one, follows: two, at: +6s, EVENT
                  - {id: two, follows: one, at: +7s, EVENT
                until: +1d
                expect:
                  - {automation: each, at: +0s, event: a}
                  - {automation: each, at: "0000-01-01T00:00:00Z", event: past}
                  - {automation: each, at: "9999-12-31T23:59:59Z", event: future}
                  - {automation: each, at: +4s, event: back}
                  - {automation: each, at: +5s, event: self}
                  - {automation: each, at: +6s, event: one}
                  - {automation: each, at: +7s, event: two}
            """
                .replace("EVENT", x));
    CommandRun run = CommandRun.of(command(), tests.toString());
    assertThat(run.out()).isEqualToIgnoringNewLines("1 passed, 0 failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tests: [        | t.yaml:
          tests: 5        | tests  must be a list
          tests: [1]      | tests[0]  must be an object
          test: []        | contains no tests
          {automations: none.yaml, tests: [], more: 1} | none.yaml  does not exist
          """)
  void aFileWithMistakesIsATestThatFails(String text, String message) throws IOException {
    CommandRun run = CommandRun.of(command(), write("t.yaml", text + "\n").toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains(message).endsWith("0 passed, 1 failed\n");
  }

  @Test
  void aLineOfAFileOfLinesIsLocatedInTheFile() throws IOException {
    Path tests =
        write(
            "t.ndjson",
            """
            {"name": "a", "start": "2026-01-01T00:00:00Z", "automations": [], "events": [], "expect": []}

            {"name": "b", "start": "x", "automations": [], "expect": []}
            {
            """);
    CommandRun run = CommandRun.of(command(), tests.toString());
    assertThat(run.out())
        .contains("t.ndjson:3:24  start  must be", "t.ndjson:4:")
        .endsWith("1 passed, 2 failed\n");
  }

  @Test
  void aTestThatFiresWithoutEndIsStopped() throws IOException {
    Path tests =
        write(
            "t.yaml",
            """
            automations:
              - name: s
                trigger: {posture: Proactive, expect: [x], within: 1s}
                actions: [{type: do-nothing}]
            tests:
              - {name: n, start: "2026-01-01T00:00:00Z", until: "9000-01-01T00:00:00Z", expect: []}
            """);
    CommandRun run = CommandRun.of(command(), tests.toString());
    assertThat(run.out()).contains("fires more than 100000 times").endsWith("1 failed\n");
  }

  @Test
  void aFolderIsSearchedForTestsAndAFilterChoosesAmongThem() throws IOException {
    Files.createDirectories(folder.resolve("inner"));
    write("automations.yaml", AUTOMATIONS);
    write("events.ndjson", "{\"event\": \"x\"}\n");
    write("inner/tests.yml", tests("../automations.yaml", "one", "expect: []"));
    write("inner/more.yaml", tests("../automations.yaml", "two", "expect: []"));
    write("inner/broken.json", "{\"automations\": [}");
    CommandRun all = CommandRun.of(command(), folder.toString());
    assertThat(all.out()).isEqualToIgnoringNewLines("2 passed, 0 failed");
    CommandRun one = CommandRun.of(command(), folder.toString(), "--filter", "two");
    assertThat(one.out()).isEqualToIgnoringNewLines("1 passed, 0 failed");
    CommandRun none = CommandRun.of(command(), folder.toString(), "--filter", "three");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).isEqualToIgnoringNewLines("No test was found.");
  }

  @Test
  void junitHoldsEveryTest() throws Exception {
    write("automations.yaml", AUTOMATIONS);
    write(
        "t.yaml",
        """
        automations: automations.yaml
        tests:
          - {name: "good <1>", start: "2026-01-01T00:00:00Z", expect: []}
          - {name: bad, start: "2026-01-01T00:00:00Z", expect: [{automation: thrice}]}
          - {name: faulty, start: x, expect: []}
        """);
    Path junit = folder.resolve("out.xml");
    CommandRun run = CommandRun.of(command(), folder + "/t.yaml", "--junit", junit.toString());
    assertThat(run.out()).endsWith("1 passed, 2 failed\n");
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(junit.toFile())
            .getDocumentElement();
    Element suite = (Element) root.getElementsByTagName("testsuite").item(0);
    assertThat(List.of("tests", "failures", "errors").stream().map(suite::getAttribute))
        .containsExactly("3", "1", "1");
    Element first = (Element) suite.getElementsByTagName("testcase").item(0);
    assertThat(first.getAttribute("name")).isEqualTo("good <1>");
    assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
        .contains("- {\"automation\":\"thrice\"");
    assertThat(suite.getElementsByTagName("error").item(0).getTextContent()).contains("t.yaml:5:");
    CommandRun unwritable =
        CommandRun.of(command(), folder + "/t.yaml", "--junit", folder.toString());
    assertThat(unwritable.exit()).isEqualTo(1);
    assertThat(unwritable.err()).contains("cannot be written");
  }

  private CommandRun run(List<String> events, String until, String expectations)
      throws IOException {
    write("automations.yaml", AUTOMATIONS);
    List<String> lines = new ArrayList<>();
    events.forEach(event -> lines.add("- " + event));
    String test =
        "events:\n" + String.join("\n", lines).indent(2) + "until: " + until + "\n" + expectations;
    Path tests = write("t.yaml", tests("automations.yaml", "n", test));
    Path config = write("settings/tocsin.yaml", SETTINGS);
    return CommandRun.of(command(), tests.toString(), "--config", config.toString());
  }

  /** A document with one test. */
  private static String tests(String automations, String name, String test) {
    return "automations: %s%ntests:%n  - name: %s%n    start: 2026-01-01T00:00:00Z%n"
            .formatted(automations, name)
        + test.indent(4);
  }

  private static TestCommand command() {
    return new TestCommand(Map.of());
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return file;
  }
}
