package dev.tocsin.actions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.actions.ActionOutcome.AttemptReport;
import dev.tocsin.actions.ActionOutcome.Executed;
import dev.tocsin.actions.ActionOutcome.Failed;
import dev.tocsin.actions.webhook.Redaction;
import dev.tocsin.actions.webhook.ResponseHeaders;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.State;
import dev.tocsin.wire.EncodedEvent;
import dev.tocsin.wire.EventJson;
import dev.tocsin.wire.EventReader;
import dev.tocsin.wire.FiringJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The writer of own events against their reader: whatever they quote, the store can read them. */
class OwnEventBoundsTest {

  private static final long SEED = Long.getLong("tocsin.bounds.seed", 14);
  private static final int ROUNDS = 150;

  private final ActionEvents events = new ActionEvents("prefect-cloud");
  private final AutomationEvents automationEvents = new AutomationEvents("prefect-cloud");

  /** Reads an event as the store does, and its payload as templates and conditions do. */
  private static void assertReadable(Event event) {
    EncodedEvent written = EncodedEvent.of(event);
    EncodedEvent read = EncodedEvent.read(written.body(), event.received(), event.causation());
    assertThat(read.event().equals(event)).isTrue();
    assertThat(EventJson.plain(read.event().payload())).isNotNull();
    assertThat(EventJson.depth(event.payload()))
        .isLessThanOrEqualTo(EventReader.MAX_RECORDED_DEPTH);
    assertThat(written.body().length).isLessThan(25_000_000);
  }

  @Test
  void whateverIsQuotedCanBeReadBack() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      Event triggering = random.nextInt(5) == 0 ? null : triggering(random);
      Firing firing = firing(random, triggering);
      AutomationReference automation =
          new AutomationReference("a-1", text(random, 1_024), "", List.of(), "Reactive");
      Invocation invocation =
          new Invocation(firing, automation, triggering, 0, new Action.DoNothing());
      assertThat(FiringJson.read(FiringJson.write(firing))).isEqualTo(firing);
      assertReadable(events.stateChange(firing, automation, triggering));
      assertReadable(events.triggered(invocation, Samples.NOON));
      assertReadable(events.completed(invocation, outcome(random), Samples.NOON));
      List<String> causes = texts(random, 255).stream().map(OwnPayload::sound).toList();
      assertReadable(events.loopDetected(automation, causes, Samples.NOON));
      assertReadable(
          automationEvents.reloadFailed(
              texts(random, 100_000), text(random, 100_000), Samples.NOON));
      assertReadable(
          automationEvents.rowUnreadable(
              "entry", text(random, 1_000), text(random, 100_000), Samples.NOON));
    }
  }

  @Test
  void aChainOfEventsThatQuoteEachOtherEndsInAnId() {
    Event event = Samples.event(nested(EventReader.MAX_DEPTH));
    boolean isCut = false;
    for (int step = 0; step < 1_000; step++) {
      event = events.stateChange(firing(new Random(step), event), Samples.AUTOMATION, event);
      assertReadable(event);
      isCut |= EventJson.depth(event.payload()) == 2;
    }
    assertThat(isCut).isTrue();
  }

  @Test
  void anEventAtTheBoundIsQuotedAndOneBeyondItIsNamed() {
    int deepest = EventReader.MAX_RECORDED_DEPTH - 2;
    for (int depth : List.of(deepest, deepest + 1)) {
      Event event = Samples.event(nested(depth));
      Event change = events.stateChange(Samples.firing(), Samples.AUTOMATION, event);
      assertReadable(change);
      assertThat(EventJson.parse(change.payload()).path("triggering_event").has("payload"))
          .isEqualTo(depth == deepest);
    }
  }

  @Test
  void largeLabelsAreShortened() {
    Map<String, String> labels = new LinkedHashMap<>();
    IntStream.range(0, 200).forEach(i -> labels.put("k".repeat(600) + i, "v".repeat(10_000)));
    Event change =
        events.stateChange(
            firing("f", labels, null, new Reason.Matched("x")), Samples.AUTOMATION, null);
    assertReadable(change);
    assertThat(change.payload().size()).isLessThan(200_000);
  }

  private static Event triggering(Random random) {
    Resource resource =
        Resource.of(Resource.ID, sound(text(random, 1_000)) + "r", longName(random), "v");
    return new Event(
        "e-1",
        Samples.NOON,
        "x",
        resource,
        List.of(),
        Payload.ofJson(payload(random)),
        null,
        Samples.NOON,
        random.nextBoolean() ? null : new Causation(1, "e-0"));
  }

  private static String payload(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> "{}";
      case 1 -> nested(1 + random.nextInt(EventReader.MAX_RECORDED_DEPTH));
      case 2 -> "{\"" + longName(random) + "\": " + "9".repeat(1 + random.nextInt(5_000)) + "}";
      case 3 -> "{\"text\": \"" + "\\\"{[".repeat(random.nextInt(200_000)) + "\"}";
      default -> "{\"a\": [[\"{\\\\\"], 1e400, -0.0, null]}";
    };
  }

  /** An object of so many levels, of objects and lists by turns. */
  private static String nested(int depth) {
    StringBuilder text = new StringBuilder("{\"a\":1}");
    for (int i = 1; i < depth; i++) {
      boolean isList = (depth - i) % 2 == 0;
      text.insert(0, isList ? "[" : "{\"a\":").append(isList ? "]" : "}");
    }
    return text.toString();
  }

  private static Firing firing(Random random, @Nullable Event triggering) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      labels.put(longName(random) + i, sound(text(random, 300_000)));
    }
    return firing(
        "f-" + random.nextInt(),
        labels,
        triggering,
        new Reason.Matched(sound(text(random, 1_024))));
  }

  private static Firing firing(
      String id, Map<String, String> labels, @Nullable Event triggering, Reason reason) {
    return new Firing(
        id,
        "a-1",
        State.TRIGGERED,
        Instant.parse("2026-11-23T12:00:00Z"),
        labels,
        triggering == null ? null : triggering.id(),
        List.of(),
        reason,
        new Causation(1, "e-1"));
  }

  private static ActionOutcome outcome(Random random) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = random.nextInt(80); i > 0; i--) {
      headers.add(Map.entry(text(random, 65_000) + "h", text(random, 65_000)));
    }
    AttemptReport report =
        new AttemptReport(
            random.nextBoolean() ? null : 200,
            random.nextBoolean()
                ? ResponseHeaders.redacted(headers, Redaction.NONE)
                : Map.of(text(random, 65_000), text(random, 65_000)),
            text(random, 1_000),
            1,
            texts(random, 10_000));
    return random.nextBoolean()
        ? new Executed(report, List.of())
        : new Failed(text(random, 100_000), report);
  }

  private static List<String> texts(Random random, int max) {
    return IntStream.range(0, random.nextInt(40)).mapToObj(_ -> text(random, max) + "t").toList();
  }

  private static String longName(Random random) {
    return "n".repeat(1 + random.nextInt(random.nextInt(3) == 0 ? 120_000 : 100));
  }

  /** Any characters, lone surrogates and NULs too; mostly short. */
  private static String text(Random random, int max) {
    int length = random.nextInt(random.nextInt(4) == 0 ? max : Math.min(max, 60));
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(
          switch (random.nextInt(8)) {
            case 0 -> "\ud83d\ude00";
            case 1 -> String.valueOf((char) random.nextInt(0x10000));
            case 2 -> "\ud800";
            case 3 -> "\0";
            case 4 -> "\"\\\n{[";
            default -> "abcdefghij";
          });
    }
    return text.substring(0, length);
  }

  private static String sound(String text) {
    return OwnPayload.sound(text);
  }
}
