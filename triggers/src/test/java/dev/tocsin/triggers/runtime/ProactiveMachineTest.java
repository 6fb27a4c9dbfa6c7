package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Resource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every transition of a Proactive trigger, and every border of its windows (10 s), to the
 * microsecond. An event is written as {@code name@seconds}, or {@code name@seconds/clock} where it
 * arrives at another time; {@code tick@seconds} is time that passes; {@code blind@seconds/seconds}
 * is an interval that the engine could not see; {@code ^} begins an event as deep as a chain may
 * be. What comes of it is each firing with its time, then the outcome of the event.
 */
class ProactiveMachineTest {

  private static final RuntimeSettings SETTINGS = new RuntimeSettings(Duration.ofMinutes(15), 1);

  private static final List<Case> CASES =
      List.of(
          // A watch without keys.
          then("armed with the automation", watch(1), "", "tick@9.999999", ""),
          then("it fires a window later", watch(1), "", "tick@10", "Triggered@10"),
          then("an event moves the deadline", watch(1), "", "x@4", "SATISFIED"),
          then("to a window after it", watch(1), "x@4", "tick@13.999999", ""),
          then("and there it fires", watch(1), "x@4", "tick@14", "Triggered@14"),
          then("a late one does not", watch(1), "x@4", "x@3/5", "COUNTED"),
          then("nor moves it back", watch(1), "x@4 x@3/5", "tick@14", "Triggered@14"),
          then("one from before the start", watch(1), "", "x@-1/0", "COUNTED"),
          then("the same instant moves nothing", watch(1), "x@4", "x@4", "COUNTED"),
          then("fewer than the threshold", watch(2), "", "x@4", "COUNTED"),
          then("do not move it", watch(2), "x@4", "tick@10", "Triggered@10"),
          then("the n-th does", watch(2), "x@4", "x@5", "SATISFIED"),
          then("to a window after the n-th newest", watch(2), "x@4 x@5", "tick@14", "Triggered@14"),
          then("each next one too", watch(2), "x@4 x@5", "x@6", "SATISFIED"),
          then("and so on", watch(2), "x@4 x@5 x@6", "tick@15", "Triggered@15"),
          then(
              "an event at the deadline is too late",
              watch(1),
              "",
              "x@10",
              "Triggered@10 Resolved@10"),
          then("one just before is not", watch(1), "", "x@9.999999", "SATISFIED"),

          // Absence.
          then("absent, it fires once", watch(1), "tick@10", "tick@1000", ""),
          then("one that keeps it absent counts", watch(1), "tick@20", "x@5/20", "COUNTED"),
          then("exactly a window ago too", watch(1), "tick@20", "x@10/20", "COUNTED"),
          then(
              "one that ends the absence",
              watch(1),
              "tick@20",
              "x@10.000001/20",
              "Resolved@10.000001"),
          then(
              "from there the watch goes on",
              watch(1),
              "tick@20 x@18/20",
              "tick@30",
              "Triggered@28"),
          then("too few do not end it", watch(2), "tick@20", "x@20", "COUNTED"),
          then("enough do", watch(2), "tick@20 x@20", "x@21", "Resolved@21"),
          then("those from before count too", watch(2), "x@8 tick@11", "x@11", "Resolved@11"),

          // Repeats.
          then("it repeats", every(5), "tick@10", "tick@15", "Triggered@15"),
          then(
              "each time",
              every(5),
              "tick@10",
              "tick@25",
              "Triggered@15 Triggered@20 Triggered@25"),
          then("until it ends", every(5), "tick@15", "x@16", "Resolved@16"),
          then(
              "then from the deadline",
              every(5),
              "tick@15 x@16",
              "tick@31",
              "Triggered@26 Triggered@31"),

          // Lateness and lag.
          then("a deadline waits for late events", late(5), "", "tick@14.999999", ""),
          then("and keeps its own time", late(5), "", "tick@15", "Triggered@10"),
          then("a late event saves it", late(5), "tick@14", "x@9/14", "SATISFIED"),
          then("with the lag it came with", watch(1), "x@9/9.5", "tick@19.499999", ""),
          then("it waits", watch(1), "x@9/9.5", "tick@19.5", "Triggered@19"),
          then("the larger of the two", late(5), "x@9/16", "tick@26", "Triggered@19"),
          then("or the other", late(5), "x@9/10", "tick@23.999999", ""),
          then(
              "an event at the deadline ends the waiting",
              late(5),
              "",
              "x@10/12",
              "Triggered@10 Resolved@10"),
          then("not before the clock is there", watch(1), "x@0/8", "x@12/9", "SATISFIED"),
          then("repeats wait as the first did", lateEvery(5), "tick@15", "tick@19.999999", ""),
          then("and then fire", lateEvery(5), "tick@15", "tick@20", "Triggered@15"),
          then(
              "an event ends the waiting of several",
              lateEvery(2),
              "tick@14",
              "x@13/14",
              "Triggered@10 Triggered@12 Resolved@13"),

          // Keys.
          then("a key is armed by its first event", keyed(), "", "x@1", "ARMED"),
          then("and fires", keyed(), "x@1", "tick@11", "Triggered@11"),
          then("it is forgotten after a while", keyed(), "x@1 tick@11", "tick@111", ""),
          then("and then armed again", keyed(), "x@1 tick@11 tick@111", "x@111", "ARMED"),
          then(
              "just before it is not",
              keyed(),
              "x@1 tick@110.999999",
              "x@110.999999",
              "Resolved@110.999999"),
          then("before a repeat due then", keyedEvery(100), "x@1 tick@11", "tick@111", ""),
          then(
              "after a deadline that an event ended",
              keyedLate(),
              "x@1",
              "x@121/121",
              "Triggered@11 ARMED"),
          then("a roster is armed", roster(), "", "tick@10", "Triggered@10"),
          then("and not forgotten", roster(), "tick@500", "x@500", "Resolved@500"),

          // A window that after opens.
          then("after opens", after(1), "", "go@1", "OPENED"),
          then("expected without a window does not", after(1), "", "x@1", "NOT_OPEN"),
          then("at its end it fires", after(1), "go@1", "tick@11", "Triggered@11"),
          then("once", after(1), "go@1 tick@11", "tick@1000", ""),
          then("another after changes nothing", after(1), "go@1", "go@2", "ALREADY_OPEN"),
          then("it fires all the same", after(1), "go@1 go@2", "tick@11", "Triggered@11"),
          then("an expected one closes it", after(1), "go@1", "x@2", "SATISFIED"),
          then("nothing fires", after(1), "go@1 x@2", "tick@1000", ""),
          then("at its start counts", after(1), "go@1", "x@1", "SATISFIED"),
          then("before does not", after(1), "go@1", "x@0.999999/1", "NOT_OPEN"),
          then("just before its end counts", after(1), "go@1", "x@10.999999", "SATISFIED"),
          then("at its end is too late", after(1), "go@1", "x@11", "Triggered@11 NOT_OPEN"),
          then("past its end, from the future", after(1), "go@1", "x@11/2", "NOT_OPEN"),
          then("fewer than the threshold count", after(2), "go@1", "x@2", "COUNTED"),
          then("and do not save it", after(2), "go@1 x@2", "tick@11", "Triggered@11"),
          then("the n-th does", after(2), "go@1 x@2", "x@3", "SATISFIED"),
          then(
              "while it waits, after changes nothing",
              after(1),
              "go@1/3 tick@12",
              "go@10/12",
              "ALREADY_OPEN"),
          then("it waits for its lag", after(1), "go@1/3", "tick@13", "Triggered@11"),
          then(
              "an after at its end opens the next",
              after(1),
              "go@1/3",
              "go@11/12",
              "Triggered@11 OPENED"),
          then("both opens", both(), "", "x@1", "OPENED"),
          then("and satisfies and opens", both(), "x@1", "x@2", "SATISFIED"),
          then("so it fires after the last", both(), "x@1 x@2", "tick@12", "Triggered@12"),
          then("both before its start", both(), "x@1", "x@0/1", "ALREADY_OPEN"),

          // Blind intervals: the window lasts longer.
          then("a blind part", watch(1), "blind@2/5", "tick@12.999999", ""),
          then("makes the window longer", watch(1), "blind@2/5", "tick@13", "Triggered@13"),
          then("also where it is known late", watch(1), "blind@2/5", "tick@99", "Triggered@13"),
          then("each part", watch(1), "blind@2/5 blind@6/7", "tick@99", "Triggered@14"),
          then(
              "one that lies in another once",
              watch(1),
              "blind@2/5 blind@3/4",
              "tick@99",
              "Triggered@13"),
          then(
              "so does one that goes on after it",
              watch(1),
              "blind@8/12 blind@12/13",
              "tick@99",
              "Triggered@15"),
          then(
              "one in the extension too",
              watch(1),
              "blind@2/5 blind@11/12",
              "tick@99",
              "Triggered@14"),
          then(
              "one from before the window", watch(1), "x@4/4 blind@5/6", "tick@99", "Triggered@15"),
          then("a blind part at its start", watch(1), "blind@-5/2", "tick@99", "Triggered@12"),
          then("one that ends there is outside", watch(1), "blind@-5/0", "tick@10", "Triggered@10"),
          then("at the deadline it only waits", late(1), "blind@10/15", "tick@14.999999", ""),
          then("for the end", late(1), "blind@10/15", "tick@15", "Triggered@10"),
          then("what was due before it does not", watch(1), "", "blind@10/15", "Triggered@10"),
          then("a late event waits as long", late(3), "blind@9/11", "tick@14.999999", ""),
          then("and no longer", late(3), "blind@9/11", "tick@15", "Triggered@12"),
          then("an event in it counts", watch(1), "blind@2/12", "x@8/9", "SATISFIED"),
          then("from there", watch(1), "blind@2/12 x@8/9", "tick@99", "Triggered@22"),
          then(
              "an event ends the waiting",
              late(5),
              "blind@2/5",
              "x@13/14",
              "Triggered@13 Resolved@13"),
          then("not of what is still blind", late(5), "blind@10/20", "x@11/12", "SATISFIED"),
          then(
              "what keeps it satisfied longer resolves",
              watch(1),
              "tick@10 blind@12/18",
              "x@11/22",
              "Resolved@11"),
          then(
              "a repeat has its own time",
              every(5),
              "tick@10 blind@11/13",
              "tick@15",
              "Triggered@15"),
          then("of the repeats inside", every(5), "tick@10 blind@14/29", "tick@28.999999", ""),
          then(
              "the newest fires",
              every(5),
              "tick@10 blind@14/29",
              "tick@30",
              "Triggered@25 Triggered@30"),
          then(
              "one at the end is outside",
              every(5),
              "tick@10 blind@14/30",
              "tick@30",
              "Triggered@25 Triggered@30"),
          then("after: longer too", after(1), "go@1 blind@2/5", "tick@99", "Triggered@14"),
          then("what comes then counts", after(1), "go@1 blind@2/5", "x@13.999999", "SATISFIED"),
          then("up to its end", after(1), "go@1 blind@2/5", "x@14", "Triggered@14 NOT_OPEN"),
          then(
              "forgotten when it would be anyway",
              keyedEvery(50),
              "x@1 tick@11 blind@60/200 tick@150",
              "x@150",
              "ARMED"),

          // It fires all the same.
          then("its own deadline", blind(OnBlind.FIRE), "blind@2/5", "tick@10", "Triggered@10"),
          then("not while it is blind", blind(OnBlind.FIRE), "blind@2/13", "tick@12.999999", ""),
          then("but then", blind(OnBlind.FIRE), "blind@2/13", "tick@13", "Triggered@10"),
          then(
              "and the newest repeat",
              blind(OnBlind.FIRE),
              "blind@2/25",
              "tick@25",
              "Triggered@10 Triggered@22"),
          then(
              "after: its own too",
              blind(OnBlind.FIRE).after("go"),
              "go@1 blind@2/5",
              "tick@99",
              "Triggered@11"),

          // Nothing fires.
          then("suppressed", blind(OnBlind.SUPPRESS), "blind@2/5", "tick@10", "SUPPRESSED"),
          then(
              "the watch goes on",
              blind(OnBlind.SUPPRESS),
              "blind@2/5",
              "tick@14.999999",
              "SUPPRESSED"),
          then(
              "where it could see",
              blind(OnBlind.SUPPRESS),
              "blind@2/5 tick@10",
              "tick@15",
              "Triggered@15"),
          then("not before", blind(OnBlind.SUPPRESS), "blind@2/20", "tick@19", ""),
          then("only after it", blind(OnBlind.SUPPRESS), "blind@2/20", "tick@20", "SUPPRESSED"),
          then(
              "nor its repeats",
              blind(OnBlind.SUPPRESS),
              "tick@10 blind@11/25",
              "tick@26",
              "Triggered@26"),
          then(
              "after: it just closes",
              blind(OnBlind.SUPPRESS).after("go"),
              "go@1 blind@2/5",
              "tick@11",
              "SUPPRESSED"),
          then(
              "and the next opens",
              blind(OnBlind.SUPPRESS).after("go"),
              "go@1 blind@2/5 tick@11",
              "go@12",
              "OPENED"),

          // Chains of causes.
          then("the last event was too deep", watch(1), "^x@4", "tick@14", "LOOP_STOPPED"),
          then("and absent all the same", watch(1), "^x@4 tick@14", "x@15", "Resolved@15"),
          then("too deep to resolve", watch(1), "tick@10", "^x@15", "LOOP_STOPPED"),
          then("too deep to open", after(1), "^go@1", "tick@11", "LOOP_STOPPED"));

  private record Case(String name, EventTrigger trigger, String before, String last, String then) {

    private record Seen(String kind, String then) {}

    Seen seen() {
      TriggerRuntime runtime =
          new TriggerRuntime(List.of(new Declaration("a", trigger, true)), SETTINGS, at("0"));
      for (String written : before.isEmpty() ? new String[0] : before.split(" ", -1)) {
        enter(runtime, written);
      }
      String kind = kind(runtime.checkpoint());
      Step step = enter(runtime, last);
      String fired =
          step.firings().stream()
              .map(firing -> firing.state().label() + "@" + seconds(firing.triggered()))
              .collect(Collectors.joining(" "));
      String outcomes =
          step.observations().stream()
              .map(observation -> observation.outcome().name())
              .filter(outcome -> !outcome.equals("RESOLVED"))
              .collect(Collectors.joining(" "));
      return new Seen(kind, (fired + " " + outcomes).strip());
    }
  }

  private static Step enter(TriggerRuntime runtime, String written) {
    boolean deep = written.startsWith("^");
    String[] parts = written.substring(deep ? 1 : 0).split("[@/]", -1);
    Instant clock = at(parts[parts.length - 1]);
    if (parts[0].equals("blind")) {
      return runtime.blind(at(parts[1]), clock);
    }
    if (parts[0].equals("tick")) {
      return runtime.advanceTo(clock);
    }
    Events event = Events.named(parts[0]).at(at(parts[1])).resource(Resource.ID, "r", "k", "v");
    return runtime.offer((deep ? event.causedBy(1, "cause") : event).build(), clock);
  }

  private static Case then(
      String name, EventTriggerBuilder trigger, String before, String last, String then) {
    return new Case(name, trigger.build(), before, last, then);
  }

  @TestFactory
  Stream<DynamicTest> transitions() {
    return CASES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(), () -> assertThat(each.seen().then()).isEqualTo(each.then())));
  }

  @Test
  void everyTransitionThatThereIsIsShown() {
    Set<String> shown = new TreeSet<>();
    for (Case each : CASES) {
      Case.Seen seen = each.seen();
      if (!seen.then().isEmpty()) {
        shown.add(seen.kind() + " " + seen.then().replaceAll("@[0-9.]+", "").split(" ", 2)[0]);
      }
    }
    assertThat(shown)
        .containsExactly(
            "absent COUNTED",
            "absent LOOP_STOPPED",
            "absent Resolved",
            "absent Triggered",
            "none ARMED",
            "none NOT_OPEN",
            "none OPENED",
            "open ALREADY_OPEN",
            "open COUNTED",
            "open LOOP_STOPPED",
            "open NOT_OPEN",
            "open SATISFIED",
            "open SUPPRESSED",
            "open Triggered",
            "watching COUNTED",
            "watching LOOP_STOPPED",
            "watching SATISFIED",
            "watching SUPPRESSED",
            "watching Triggered");
  }

  private static String kind(Checkpoint checkpoint) {
    List<Rows.Key> keys = Rows.keys(checkpoint);
    if (keys.isEmpty()) {
      return "none";
    }
    return switch (ProactiveState.CODEC.read(keys.getFirst().reader())) {
      case ProactiveState.Awaiting _ -> "open";
      case ProactiveState.Watching watching -> watching.isAbsent() ? "absent" : "watching";
    };
  }

  private static EventTriggerBuilder watch(int threshold) {
    return of(0, null, List.of()).threshold(threshold);
  }

  private static EventTriggerBuilder every(int repeat) {
    return of(0, repeat, List.of());
  }

  private static EventTriggerBuilder late(int lateness) {
    return of(lateness, null, List.of());
  }

  private static EventTriggerBuilder lateEvery(int repeat) {
    return of(5, repeat, List.of());
  }

  private static EventTriggerBuilder keyed() {
    return of(0, null, List.of()).forEach("k");
  }

  private static EventTriggerBuilder keyedEvery(int repeat) {
    return of(0, repeat, List.of()).forEach("k");
  }

  private static EventTriggerBuilder keyedLate() {
    return of(900, null, List.of()).forEach("k");
  }

  private static EventTriggerBuilder roster() {
    return of(0, null, List.of(new BucketingKey(List.of("v")))).forEach("k");
  }

  private static EventTriggerBuilder after(int threshold) {
    return watch(threshold).after("go");
  }

  private static EventTriggerBuilder both() {
    return watch(1).after("x");
  }

  private static EventTriggerBuilder blind(OnBlind onBlind) {
    return of(onBlind, 0, 4, List.of());
  }

  private static EventTriggerBuilder of(
      int lateness, @Nullable Integer repeat, List<BucketingKey> roster) {
    return of(OnBlind.EXTEND, lateness, repeat, roster);
  }

  private static EventTriggerBuilder of(
      OnBlind onBlind, int lateness, @Nullable Integer repeat, List<BucketingKey> roster) {
    return EventTrigger.of(
            new Posture.Proactive(
                Duration.ofSeconds(lateness),
                onBlind,
                repeat == null ? null : Duration.ofSeconds(repeat),
                roster,
                Duration.ofSeconds(100)))
        .expect("x")
        .within(Duration.ofSeconds(10));
  }

  private static Instant at(String seconds) {
    return Traces.START.plus(
        Duration.ofNanos(new BigDecimal(seconds).movePointRight(9).longValueExact()));
  }

  private static String seconds(Instant instant) {
    return new BigDecimal(Duration.between(Traces.START, instant).toNanos())
        .movePointLeft(9)
        .stripTrailingZeros()
        .toPlainString();
  }
}
