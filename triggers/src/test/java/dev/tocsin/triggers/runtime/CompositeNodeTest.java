package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.triggers.TriggerTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every transition of compounds and sequences, of children that fire at each event of their name.
 * An event is written as {@code name@seconds}, or {@code name@seconds/clock}; {@code name:key} has
 * a key. What comes of the last one is each firing with its time and the children that made it.
 */
class CompositeNodeTest {

  private static final List<Case> CASES =
      List.of(
          // A compound of a, b and c.
          then("the first is held", all(10), "", "a@0", ""),
          then("the second is held", all(10), "a@0", "c@1", ""),
          then("the last fires", all(10), "a@0 c@1", "b@2", "2 a@0 b@2 c@1"),
          then("all is forgotten then", all(10), "a@0 c@1 b@2", "b@3", ""),
          then("and it starts over", all(10), "a@0 c@1 b@2 b@3 a@3", "c@3", "3 a@3 b@3 c@3"),
          then("the latest of a child counts", all(10), "a@0 a@5 b@6", "c@7", "7 a@5 b@6 c@7"),
          then("an older one does not", all(10), "a@5 a@0/6 b@6", "c@7", "7 a@5 b@6 c@7"),
          then("exactly within stays", all(10), "a@0 b@1", "c@10", "10 a@0 b@1 c@10"),
          then("one older is dropped", all(10), "a@0 b@1", "c@10.000001", ""),
          then(
              "and its place is free",
              all(10),
              "a@0 b@1 c@10.000001",
              "a@11",
              "11 a@11 b@1 c@10.000001"),
          then("one too old is dropped at once", all(10), "a@20 b@20", "c@9.999999/20", ""),
          then(
              "one just young enough fires at its own time",
              all(10),
              "a@20 b@20",
              "c@10/20",
              "10 a@20 b@20 c@10"),
          then("two of three", compound(2, 10), "a@0", "c@1", "1 a@0 c@1"),
          then("twice the same is one", compound(2, 10), "a@0", "a@1", ""),
          then("any fires at once", compound(1, 10), "", "b@0", "0 b@0"),
          then("any, each time", compound(1, 10), "b@0", "b@0", "0 b@0"),
          then("without limit", compound(2, null), "a@0", "b@100000", "100000 a@0 b@100000"),
          then("within 0 is the same instant", compound(2, 0), "a@0", "b@0", "0 a@0 b@0"),
          then("and no other", compound(2, 0), "a@0", "b@0.000001", ""),
          then("it lapses", compound(2, 10), "a@0", "b@1/910", ""),
          then("and not before", compound(2, 10), "a@0", "b@1/909.999999", "1 a@0 b@1"),
          then(
              "one taken in keeps it",
              compound(3, 10),
              "a@0 b@1/800",
              "c@2/1699.999999",
              "2 a@0 b@1 c@2"),
          then("one dropped does not", compound(3, 10), "a@0 b@1 b@-10/800", "c@2/911", ""),

          // A sequence of a, b and c.
          then("the first step", sequence(10), "", "a@0", ""),
          then("the second", sequence(10), "a@0", "b@1", ""),
          then("the last fires", sequence(10), "a@0 b@1", "c@2", "2 a@0 b@1 c@2"),
          then("out of order it does not", sequence(10), "b@0 a@1", "c@2", ""),
          then(
              "the one out of order may come again",
              sequence(10),
              "b@0 a@1 c@2 b@3",
              "c@4",
              "4 a@1 b@3 c@4"),
          then("a b a c does not", sequence(10), "a@0 b@1 a@2", "c@3", ""),
          then(
              "order is by time, not arrival", sequence(10), "c@2 b@1/2", "a@0/2", "0 a@0 b@1 c@2"),
          then("at one time by arrival", sequence(10), "a@0 b@0", "c@0", "0 a@0 b@0 c@0"),
          then("against it not", sequence(10), "b@0 a@0", "c@0", ""),

          // One event for several children.
          then("one event is one step", steps("x", "x"), "", "x@0", ""),
          then("the next is the next", steps("x", "x"), "x@0", "x@1", "1 x@0 x@1"),
          then("and the one after starts over", steps("x", "x"), "x@0 x@1", "x@2", ""),
          then("the furthest that can", steps("a", "?", "?"), "a@0 b@1", "b@2", "2 a@0 b@1 b@2"),
          then("it does not count for a step before", steps("?", "b"), "b@0", "b@1", "1 b@0 b@1"),
          then(
              "nothing held, it is the first of those that fire",
              steps("a", "?", "?"),
              "b@0 a@1 b@2",
              "b@3",
              "3 a@1 b@2 b@3"),
          then("what is too old does not hold it", steps("x", "x"), "x@0", "x@10.000001", ""),
          then("what has lapsed neither", steps("x", "x"), "x@0", "x@1/910", ""),

          // Keys.
          then("keys do not mix", keyed(), "a:u@0", "b:v@1", ""),
          then("each has its own", keyed(), "a:u@0 b:v@1", "b:u@2", "2 a@0 b@2"),
          then("a child with more keys than it", looselyKeyed(), "a:u@0", "b:v@1", "1 a@0 b@1"),

          // Nested, and with absences.
          then("a child that is a composite", nested(), "a@0 b@1", "c@2", "2 b@1 c@2"),
          then("must have fired", nested(), "a@0", "c@2", ""),
          then("an absence climbs", absence(), "go@0", "tick@10", "10 go@0 absence@10"),
          then("at its own time", absence(), "go@0", "tick@500", "10 go@0 absence@10"),
          then("and not where it is satisfied", absence(), "go@0 a@3", "tick@500", ""),
          then("a resolved does not climb", resolved(), "tick@10", "a@20", ""));

  private record Case(String name, Trigger trigger, String before, String last, String then) {

    String seen() {
      TriggerRuntime runtime = start(trigger);
      for (String written : before.isEmpty() ? new String[0] : before.split(" ", -1)) {
        enter(runtime, written);
      }
      return enter(runtime, last).firings().stream()
          .map(CompositeNodeTest::line)
          .collect(Collectors.joining(" | "));
    }
  }

  private static String line(Firing firing) {
    return seconds(firing.triggered())
        + firing.children().stream()
            .map(child -> " " + name(child) + "@" + seconds(child.triggered()))
            .collect(Collectors.joining());
  }

  /** The name of its event, whose id is its name and its time; an absence has another time. */
  private static String name(Firing.Child child) {
    String event = String.valueOf(child.event());
    return event.endsWith("@" + seconds(child.triggered()))
        ? event.substring(0, event.indexOf('@'))
        : "absence";
  }

  private static TriggerRuntime start(Trigger trigger) {
    return new TriggerRuntime(
        List.of(new Declaration("auto", trigger, true)), RuntimeSettings.DEFAULT, at("0"));
  }

  private static Step enter(TriggerRuntime runtime, String written) {
    String[] parts = written.split("[@/]", -1);
    Instant clock = at(parts[parts.length - 1]);
    if (parts[0].equals("tick")) {
      return runtime.advanceTo(clock);
    }
    String[] nameAndKey = parts[0].split(":", -1);
    return runtime.offer(
        Events.named(nameAndKey[0])
            .id(nameAndKey[0] + "@" + parts[1])
            .at(at(parts[1]))
            .resource(Resource.ID, "r", "k", nameAndKey.length > 1 ? nameAndKey[1] : "v")
            .build(),
        clock);
  }

  private static Case then(String name, Trigger trigger, String before, String last, String then) {
    return new Case(name, trigger, before, last, then);
  }

  @TestFactory
  Stream<DynamicTest> transitions() {
    return CASES.stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name(), () -> assertThat(each.seen()).isEqualTo(each.then())));
  }

  @Test
  void aFiringNamesItsChildrenAndSaysWhy() {
    TriggerRuntime runtime = start(sequence(10));
    enter(runtime, "a@0");
    enter(runtime, "b@1");
    Firing firing = enter(runtime, "c@2").firings().getFirst();
    assertThat(firing.event()).isEqualTo("c@2");
    assertThat(firing.labels()).isEmpty();
    assertThat(firing.causation()).isEqualTo(new Causation(1, "c@2"));
    assertThat(firing.reason().sentence())
        .isEqualTo(
            "3 of 3 triggers fired in order from 2026-01-01T00:00:00Z to 2026-01-01T00:00:02Z.");
  }

  @Test
  void itIsAsDeepAsItsDeepestChild() {
    TriggerRuntime runtime = start(all(10));
    enter(runtime, "a@0");
    runtime.offer(Events.named("b").id("b").causedBy(7, "first").build(), at("0"));
    assertThat(enter(runtime, "c@1").firings().getFirst().causation())
        .isEqualTo(new Causation(8, "first"));
  }

  @Test
  void aChildTooDeepDoesNotClimb() {
    TriggerRuntime runtime = start(all(10));
    enter(runtime, "a@0");
    enter(runtime, "b@0");
    Step step = runtime.offer(Events.named("c").id("c").causedBy(20, "o").build(), at("0"));
    assertThat(step.firings()).isEmpty();
    assertThat(step.loops()).containsExactly(new Step.LoopStop("auto", "c", "o"));
  }

  @Test
  void oneKeyTooManyGivesUpTheOneLongestUnchanged() {
    TriggerRuntime runtime =
        start(new CompoundTrigger(List.of(each("a", "k"), each("b", "k")), 2, null, keys(), 2));
    enter(runtime, "a:u@0");
    enter(runtime, "a:v@1");
    assertThat(enter(runtime, "a:w@2").evicted())
        .containsExactly(
            new Step.Eviction("auto", new BucketingKey(List.of("u")), Map.of("k", "u")));
    assertThat(runtime.keys()).isEqualTo(2);
  }

  @Test
  void idsFollowFromTheChildren() {
    Set<String> ids = new TreeSet<>();
    for (String events : List.of("a@0 b@1 c@2", "a@0 b@1 c@3", "a@1 b@1 c@2", "a@0 b@1 c@2")) {
      TriggerRuntime runtime = start(all(10));
      List<Firing> firings = new ArrayList<>();
      for (String written : events.split(" ", -1)) {
        firings.addAll(enter(runtime, written).firings());
      }
      ids.add(firings.getFirst().id());
    }
    assertThat(ids).hasSize(3);
  }

  private static Trigger all(int within) {
    return compound(3, within);
  }

  private static Trigger compound(int require, @Nullable Integer within) {
    return new CompoundTrigger(
        List.of(each("a"), each("b"), each("c")), require, length(within), List.of(), 10);
  }

  private static Trigger sequence(int within) {
    return new SequenceTrigger(
        List.of(each("a"), each("b"), each("c")), length(within), List.of(), 10);
  }

  private static Trigger steps(String... names) {
    return new SequenceTrigger(
        Stream.of(names).<Trigger>map(CompositeNodeTest::each).toList(), length(10), List.of(), 10);
  }

  private static Trigger keyed() {
    return new CompoundTrigger(
        List.of(each("a", "k"), each("b", "k", "prefect.resource.id")), 2, length(10), keys(), 10);
  }

  private static Trigger looselyKeyed() {
    return new CompoundTrigger(
        List.of(each("a", "k"), each("b", "k")), 2, length(10), List.of(), 10);
  }

  private static Trigger nested() {
    Trigger inner = new SequenceTrigger(List.of(each("a"), each("b")), null, List.of(), 10);
    return new CompoundTrigger(List.of(inner, each("c")), 2, length(10), List.of(), 10);
  }

  private static Trigger absence() {
    return new SequenceTrigger(
        List.of(each("go"), watch().after("go").build()), null, List.of(), 10);
  }

  private static Trigger resolved() {
    return new CompoundTrigger(
        List.of(watch().build(), each("a")), 2, Duration.ofSeconds(1), List.of(), 10);
  }

  private static EventTriggerBuilder watch() {
    return EventTrigger.of(TriggerTest.proactive()).expect("a").within(Duration.ofSeconds(10));
  }

  private static Trigger each(String name, String... keys) {
    return EventTrigger.reactive().expect(name).forEach(keys).build();
  }

  private static List<LabelReference> keys() {
    return List.of(LabelReference.parse("k"));
  }

  private static @Nullable Duration length(@Nullable Integer seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
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
