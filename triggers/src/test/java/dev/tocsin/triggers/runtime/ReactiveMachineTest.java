package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Conditions;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every transition of a Reactive trigger, and every border of its windows (10 s) and of the lapse
 * (900 s) to the microsecond. An event is written as {@code name@micros}, or {@code
 * name@micros/clock} where it arrives at another time; with {@code ^} before it, it has come as
 * deep as a causal chain may.
 */
class ReactiveMachineTest {

  private static final RuntimeSettings SETTINGS = new RuntimeSettings(Duration.ofMinutes(15), 1);

  /**
   * Each transition: a trigger, what happened before, the event that moves it, what comes of it.
   */
  private static final List<Case> CASES =
      List.of(
          // Without a window.
          moves("each event fires where there is no window", each(), "", "x@0", Outcome.FIRED),
          moves("and again at the same instant", each(), "x@0", "x@0", Outcome.FIRED),

          // A sliding window.
          moves("the first counts", counting(3), "", "x@0", Outcome.COUNTED),
          moves("the second counts", counting(3), "x@0", "x@0", Outcome.COUNTED),
          moves("the n-th fires", counting(3), "x@0 x@1", "x@2", Outcome.FIRED),
          moves("a threshold of one fires at once", counting(1), "", "x@0", Outcome.FIRED),
          moves(
              "the n-th fires though it is the oldest",
              counting(3),
              "x@5 x@6",
              "x@4/6",
              Outcome.FIRED),
          moves(
              "one just inside the window of the first fires",
              counting(2),
              "x@0",
              "x@9999999",
              Outcome.FIRED),
          moves(
              "one exactly a window after the first does not",
              counting(2),
              "x@0",
              "x@10000000",
              Outcome.COUNTED),
          moves(
              "windows slide: the first is dropped, the second is not",
              counting(3),
              "x@0 x@1 x@10000000",
              "x@10000000",
              Outcome.FIRED),
          moves(
              "one exactly a window before the newest is late",
              counting(2),
              "x@10000000",
              "x@0/10000000",
              Outcome.LATE),
          moves(
              "one a microsecond younger is not",
              counting(2),
              "x@10000000",
              "x@1/10000000",
              Outcome.FIRED),
          moves(
              "past quiet until a threshold of one fires again",
              counting(1),
              "x@0",
              "x@10000000",
              Outcome.FIRED),
          moves(
              "just before quiet until is quiet",
              counting(2),
              "x@0 x@5",
              "x@9999999",
              Outcome.QUIET),
          moves(
              "quiet until is the oldest of those spent and a window",
              counting(2),
              "x@0 x@5",
              "x@10000000",
              Outcome.COUNTED),
          moves(
              "long before quiet until is quiet too",
              counting(2),
              "x@0 x@5",
              "x@-7/5",
              Outcome.QUIET),
          moves(
              "an earlier quiet time holds on while others count",
              counting(2),
              "x@0 x@5 x@10000000",
              "x@9999999/10000000",
              Outcome.QUIET),
          moves(
              "those spent do not count again",
              counting(2),
              "x@0 x@9999999",
              "x@10000000",
              Outcome.COUNTED),
          moves(
              "what is counted lapses after its window and the lapse",
              counting(2),
              "x@0",
              "x@1/910000000",
              Outcome.COUNTED),
          moves("and not a microsecond before", counting(2), "x@0", "x@1/909999999", Outcome.FIRED),
          moves(
              "nor before a lapse has passed since the last taken in",
              counting(3),
              "x@0 x@1/500000000",
              "x@2/1399999999",
              Outcome.FIRED),
          moves(
              "then it does", counting(3), "x@0 x@1/500000000", "x@2/1400000000", Outcome.COUNTED),
          moves(
              "quiet time holds until it lapses",
              counting(1),
              "x@0",
              "x@9999999/909999999",
              Outcome.QUIET),
          moves(
              "then it is as if it had never been",
              counting(1),
              "x@0",
              "x@9999999/910000000",
              Outcome.FIRED),
          moves(
              "one that was quiet does not keep quiet time from lapsing",
              counting(1),
              "x@0 x@1/800000000",
              "x@2/910000000",
              Outcome.FIRED),
          moves(
              "one that was late does not keep counts from lapsing",
              counting(2),
              "x@0 x@-10000000/800000000",
              "x@1/910000000",
              Outcome.COUNTED),

          // A window that after opens.
          moves("after opens", after(2), "", "go@0", Outcome.OPENED),
          moves("another changes nothing", after(2), "go@0", "go@1", Outcome.ALREADY_OPEN),
          moves("nor one before its start", after(2), "go@0", "go@-1/0", Outcome.ALREADY_OPEN),
          moves(
              "nor one just before its end", after(2), "go@0", "go@9999999", Outcome.ALREADY_OPEN),
          moves("one at its end opens a new one", after(2), "go@0", "go@10000000", Outcome.OPENED),
          moves(
              "which starts then: what counted in the old one is gone",
              after(2),
              "go@0 x@1 go@10000000",
              "x@10000001",
              Outcome.COUNTED),
          moves("expected at its start counts", after(2), "go@0", "x@0", Outcome.COUNTED),
          moves(
              "expected just before its end counts", after(1), "go@0", "x@9999999", Outcome.FIRED),
          moves("expected at its end does not", after(1), "go@0", "x@10000000", Outcome.NOT_OPEN),
          moves("expected before its start does not", after(1), "go@0", "x@-1/0", Outcome.NOT_OPEN),
          moves("expected without a window does not", after(1), "", "x@0", Outcome.NOT_OPEN),
          moves("the n-th fires and closes", after(2), "go@0 x@1", "x@2", Outcome.FIRED),
          moves("after that none counts", after(1), "go@0 x@1", "x@2", Outcome.NOT_OPEN),
          moves("after that the next opens", after(1), "go@0 x@1", "go@1", Outcome.OPENED),
          moves(
              "one too late for the window does not close it",
              after(1),
              "go@0 x@10000000",
              "x@9999999/10000000",
              Outcome.FIRED),
          moves(
              "a window lapses after its end and the lapse",
              after(1),
              "go@0",
              "x@1/910000000",
              Outcome.NOT_OPEN),
          moves("and not before", after(1), "go@0", "x@1/909999999", Outcome.FIRED),
          moves(
              "a lapsed window does not keep another from opening",
              after(1),
              "go@0",
              "go@1/910000000",
              Outcome.OPENED),
          moves(
              "an after that changed nothing does not keep a window from lapsing",
              after(1),
              "go@0 go@1/800000000",
              "x@1/910000000",
              Outcome.NOT_OPEN),
          moves(
              "one that counted does",
              after(2),
              "go@0 x@1/800000000",
              "x@2/1699999999",
              Outcome.FIRED),

          // A window without end.
          moves("without within nothing ends", endless(), "go@0", "x@99999999999", Outcome.FIRED),
          moves("nor does it reopen", endless(), "go@0", "go@99999999999", Outcome.ALREADY_OPEN),
          moves("before its start is before", endless(), "go@0", "x@-1/0", Outcome.NOT_OPEN),

          // An event that is both.
          moves("both opens where none is", both(), "", "x@0", Outcome.OPENED),
          moves("and counts where one is", both(), "x@0", "x@1", Outcome.FIRED),
          moves("so every second fires", both(), "x@0 x@1", "x@2", Outcome.OPENED),
          moves("both at its end opens anew", both(), "x@0", "x@10000000", Outcome.OPENED),
          moves(
              "both before its start changes nothing",
              both(),
              "x@0",
              "x@-1/0",
              Outcome.ALREADY_OPEN),

          // At the door.
          moves("a false where keeps it out", where("no"), "", "x@0", Outcome.CONDITION_FALSE),
          moves("a faulty one too", where("faulty"), "", "x@0", Outcome.CONDITION_FAULTY),
          moves("one that holds lets it in", where("yes"), "", "x@0", Outcome.FIRED),
          moves("too deep a chain is stopped", counting(1), "", "^x@0", Outcome.LOOP_STOPPED),
          moves("also where it counts", counting(2), "^x@0", "^x@1", Outcome.LOOP_STOPPED),
          moves("also in a window", after(1), "^go@0", "^x@1", Outcome.LOOP_STOPPED),
          moves(
              "what was stopped is spent all the same", counting(1), "^x@0", "x@1", Outcome.QUIET),

          // The ends of time.
          moves(
              "the first and the last instant are far apart",
              longest(2),
              "x@" + micros(Event.MIN_OCCURRED) + "/0",
              "x@" + (micros(Event.END_OF_TIME) - 1) + "/0",
              Outcome.COUNTED),
          moves(
              "in either order",
              longest(2),
              "x@" + (micros(Event.END_OF_TIME) - 1) + "/0",
              "x@" + micros(Event.MIN_OCCURRED) + "/0",
              Outcome.LATE),
          moves(
              "the last instants count together",
              longest(2),
              "x@" + (micros(Event.END_OF_TIME) - 2),
              "x@" + (micros(Event.END_OF_TIME) - 1),
              Outcome.FIRED),
          moves(
              "the first instants are quiet together",
              longest(1),
              "x@" + micros(Event.MIN_OCCURRED),
              "x@" + (micros(Event.MIN_OCCURRED) + 1),
              Outcome.QUIET));

  private record Case(
      String name, EventTriggerBuilder trigger, String before, String event, Outcome outcome) {

    /** What the key remembers as the event comes, and what comes of it. */
    String transition() {
      TriggerRuntime runtime =
          new TriggerRuntime(
              List.of(new Declaration("a", trigger.build(), true)), SETTINGS, Event.MIN_OCCURRED);
      for (String written : before.isEmpty() ? new String[0] : before.split(" ", -1)) {
        Arrival arrival = Arrival.of(written);
        runtime.offer(arrival.event(), arrival.now());
      }
      Arrival arrival = Arrival.of(event);
      runtime.advanceTo(arrival.now());
      String kind = kind(runtime.checkpoint());
      Step step = runtime.offer(arrival.event(), arrival.now());
      assertThat(step.observations()).hasSize(1);
      return kind + " " + step.observations().getFirst().outcome();
    }
  }

  private record Arrival(Event event, Instant now) {

    static Arrival of(String written) {
      boolean deep = written.startsWith("^");
      String[] parts = written.substring(deep ? 1 : 0).split("[@/]", -1);
      Events event = Events.named(parts[0]).at(instant(parts[1]));
      return new Arrival(
          (deep ? event.causedBy(1, "cause") : event).build(), instant(parts[parts.length - 1]));
    }

    private static Instant instant(String micros) {
      return Micros.instant(Long.parseLong(micros));
    }
  }

  private static Case moves(
      String name, EventTriggerBuilder trigger, String before, String event, Outcome outcome) {
    return new Case(name, trigger, before, event, outcome);
  }

  @TestFactory
  Stream<DynamicTest> transitions() {
    return CASES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(),
                    () -> assertThat(each.transition()).endsWith(" " + each.outcome())));
  }

  @Test
  void everyTransitionThatThereIsIsShown() {
    Set<String> shown = new TreeSet<>();
    for (Case each : CASES) {
      shown.add(each.transition());
    }
    assertThat(shown)
        .containsExactlyInAnyOrder(
            "none COUNTED",
            "none FIRED",
            "none OPENED",
            "none NOT_OPEN",
            "none CONDITION_FALSE",
            "none CONDITION_FAULTY",
            "none LOOP_STOPPED",
            "counting COUNTED",
            "counting FIRED",
            "counting LATE",
            "counting QUIET",
            "counting LOOP_STOPPED",
            "quiet COUNTED",
            "quiet QUIET",
            "quiet FIRED",
            "open OPENED",
            "open ALREADY_OPEN",
            "open NOT_OPEN",
            "open COUNTED",
            "open FIRED",
            "open LOOP_STOPPED");
  }

  private static String kind(Checkpoint checkpoint) {
    List<Rows.Key> keys = Rows.keys(checkpoint);
    if (keys.isEmpty()) {
      return "none";
    }
    return switch (ReactiveState.CODEC.read(keys.getFirst().reader())) {
      case ReactiveState.Open _ -> "open";
      case ReactiveState.Sliding sliding -> sliding.counted().isEmpty() ? "quiet" : "counting";
    };
  }

  private static EventTriggerBuilder each() {
    return EventTrigger.reactive().expect("x");
  }

  private static EventTriggerBuilder counting(int threshold) {
    return EventTrigger.reactive().expect("x").threshold(threshold).within(Duration.ofSeconds(10));
  }

  private static EventTriggerBuilder longest(int threshold) {
    return counting(threshold).within(Trigger.MAX_DURATION);
  }

  private static EventTriggerBuilder after(int threshold) {
    return counting(threshold).after("go");
  }

  private static EventTriggerBuilder endless() {
    return after(1).within(Duration.ZERO);
  }

  private static EventTriggerBuilder both() {
    return after(1).after("x");
  }

  private static EventTriggerBuilder where(String result) {
    return each()
        .where(
            Conditions.of(
                result,
                _ ->
                    switch (result) {
                      case "yes" -> new Condition.Truth.Holds();
                      case "no" -> new Condition.Truth.Fails();
                      default -> new Condition.Truth.Unevaluable("no such path");
                    }));
  }

  private static long micros(Instant instant) {
    return Micros.of(instant);
  }
}
