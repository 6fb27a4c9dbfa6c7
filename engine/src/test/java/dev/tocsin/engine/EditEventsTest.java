package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tocsin.engine.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What an edit did to automations is told in events, each once. */
class EditEventsTest {

  private static final String EDITS = "prefect-cloud.automation.?*ted";

  @TempDir Path folder;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:00:00Z"));

  private TestDaemon start(String automations) throws Exception {
    time.passBy(Duration.ofSeconds(1));
    return TestDaemon.start(folder, automations, time, store -> store);
  }

  private static String automation(String id, String expect) {
    return """
    - id: %s
      name: the %s
      trigger: {expect: [%s]}
      actions: [{type: do-nothing}]
    """
        .formatted(id, id, expect);
  }

  /** The events of edits so far, once all that was written before has been taken in. */
  private static List<String> told(TestDaemon daemon) throws Exception {
    String fence = "fence-" + daemon.total("*");
    daemon.send(TestDaemon.event(fence, "fence", 0));
    daemon.send(TestDaemon.event(fence + "-again", "fence", 0));
    return daemon.events(EDITS).stream().map(EditEventsTest::line).toList();
  }

  private static String line(JsonNode event) {
    JsonNode resource = event.path("resource");
    return event.path("event").asString().substring("prefect-cloud.automation.".length())
        + " "
        + resource.path("prefect.resource.id").asString()
        + " "
        + resource.path("prefect-cloud.fate").asString()
        + " "
        + resource.path("prefect.resource.name").asString("-");
  }

  @Test
  void theFirstStartAndAStartWithTheSameSayNothing() throws Exception {
    String automations = automation("a", "x") + automation("b", "y");
    try (TestDaemon daemon = start(automations)) {
      assertThat(told(daemon)).isEmpty();
    }
    try (TestDaemon daemon = start(automation("b", "y") + automation("a", "x"))) {
      assertThat(told(daemon)).as("the order means nothing").isEmpty();
    }
  }

  @Test
  void eachThatWasNotKeptIsToldWithItsFate() throws Exception {
    String off = automation("off", "o") + "  enabled: false\n";
    String on = automation("on", "p");
    String before =
        automation("kept", "k") + automation("reset", "r") + automation("old", "n") + off + on;
    try (TestDaemon daemon = start(before + automation("gone", "g"))) {
      assertThat(told(daemon)).isEmpty();
    }
    String after =
        automation("kept", "k")
            + automation("reset", "changed")
            + automation("new", "n")
            + automation("off", "o")
            + automation("on", "p")
            + "  enabled: false\n"
            + automation("added", "a");
    try (TestDaemon daemon = start(after)) {
      assertThat(told(daemon))
          .containsExactly(
              "updated prefect-cloud.automation.reset reset the reset",
              "updated prefect-cloud.automation.new renamed the new",
              "updated prefect-cloud.automation.off switched-on the off",
              "updated prefect-cloud.automation.on switched-off the on",
              "created prefect-cloud.automation.added added the added",
              "deleted prefect-cloud.automation.gone removed the gone");
      JsonNode renamed = daemon.events(EDITS).get(1);
      assertThat(renamed.path("payload").toString())
          .isEqualTo(
              """
              {"fate":"renamed","before":"old",\
              "reason":"Automation 'the new' (new) continues with the state of old.","kept":1,\
              "by":"start"}\
              """);
      assertThat(renamed.path("occurred").asString()).isEqualTo("2026-01-02T03:00:02Z");
      assertThat(renamed.path("related")).isEmpty();
    }
  }

  @Test
  void anEditOfActionsAloneIsToldToo() throws Exception {
    String before = automation("a", "x") + automation("b", "y");
    try (TestDaemon daemon = start(before)) {
      assertThat(told(daemon)).isEmpty();
    }
    String described = automation("a", "x") + "  description: other\n" + automation("b", "y");
    try (TestDaemon daemon = start(described)) {
      assertThat(told(daemon)).containsExactly("updated prefect-cloud.automation.a kept the a");
      assertThat(daemon.events(EDITS).getFirst().path("payload").path("reason").asString())
          .isEqualTo("Automation 'the a' (a) was edited and keeps its state.");
    }
  }

  @Test
  void aKillBeforeTheEditIsInForceChangesNothing() throws Exception {
    try (TestDaemon daemon = start(automation("a", "x"))) {
      assertThat(told(daemon)).isEmpty();
    }
    for (int kill = 0; kill < 2; kill++) {
      time.passBy(Duration.ofSeconds(1));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(
              () ->
                  TestDaemon.start(
                      folder,
                      automation("a", "y"),
                      time,
                      store ->
                          WatchedStore.of(
                              store,
                              method -> {
                                if (method.equals("save")) {
                                  throw new StoreException("killed");
                                }
                              })));
    }
    try (TestDaemon daemon = start(automation("a", "y"))) {
      assertThat(told(daemon)).containsExactly("updated prefect-cloud.automation.a reset the a");
    }
  }

  @Test
  void anEditBackAndForthIsToldEachTime() throws Exception {
    for (int edit = 0; edit < 5; edit++) {
      try (TestDaemon daemon = start(automation("a", edit % 2 == 0 ? "x" : "y"))) {
        assertThat(told(daemon))
            .hasSize(edit)
            .allMatch(line -> line.startsWith("updated prefect-cloud.automation.a reset"));
      }
    }
  }

  @Test
  void anEditOfManyIsToldOfEach() throws Exception {
    try (TestDaemon daemon = start(automation("a", "x"))) {
      assertThat(told(daemon)).isEmpty();
    }
    int many = 1_234;
    String added =
        IntStream.range(0, many)
            .mapToObj(i -> automation("n" + i, "x" + i))
            .collect(Collectors.joining());
    try (TestDaemon daemon = start(added)) {
      while (daemon.total("prefect-cloud.automation.created") < many) {
        Thread.onSpinWait();
      }
      assertThat(daemon.total("prefect-cloud.automation.created")).isEqualTo(many);
      assertThat(daemon.total("prefect-cloud.automation.deleted")).isEqualTo(1);
    }
  }

  @Test
  void anAutomationCanWatchForIt() throws Exception {
    String watch =
        """
        - id: watch
          name: watch
          trigger:
            expect: [prefect-cloud.automation.updated]
            match: {prefect-cloud.fate: reset}
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = start(watch + automation("a", "x"))) {
      assertThat(told(daemon)).isEmpty();
    }
    try (TestDaemon daemon = start(watch + automation("a", "y"))) {
      JsonNode fired = daemon.await("*.automation.triggered", 1).getFirst();
      assertThat(
              fired
                  .path("payload")
                  .path("triggering_event")
                  .path("resource")
                  .path("prefect.resource.name")
                  .asString())
          .isEqualTo("the a");
    }
  }

  @Test
  void oneThatMatchesAllFiresOnceForItAndIsBounded() throws Exception {
    String all =
        """
        - id: all
          name: all
          trigger: {match: {prefect.resource.id: '!*.engine'}}
          actions: [{type: do-nothing}]
        """;
    try (TestDaemon daemon = TestDaemon.start(folder, all, time, s -> s, "max_causal_depth=1")) {
      assertThat(daemon.total("*")).isZero();
    }
    time.passBy(Duration.ofSeconds(1));
    String more = all + automation("a", "x");
    try (TestDaemon daemon = TestDaemon.start(folder, more, time, s -> s, "max_causal_depth=1")) {
      daemon.await("*.loop.detected", 1);
      daemon.await("*.action.executed", 1);
      assertThat(daemon.events("*"))
          .extracting(event -> event.path("event").asString())
          .containsExactlyInAnyOrder(
              "prefect-cloud.automation.created",
              "prefect-cloud.automation.triggered",
              "prefect-cloud.automation.action.triggered",
              "prefect-cloud.automation.action.executed",
              "prefect-cloud.automation.loop.detected",
              "prefect-cloud.engine.blind");
    }
  }
}
