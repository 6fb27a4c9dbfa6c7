package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.InvalidTriggerException;
import dev.tocsin.triggers.LabelReference;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deep, huge, late, early, many: nothing fails, and nothing grows without bound. */
class HostileTest {

  private static final Instant START = Traces.START;

  @Test
  void aThousandNestedCompositesFireThroughAllOfThem() {
    Trigger nested = EventTrigger.reactive().expect("x").build();
    for (int depth = 0; depth < 1_000; depth++) {
      nested =
          depth % 2 == 0
              ? new CompoundTrigger(List.of(nested), 1, null, List.of(), 10)
              : new SequenceTrigger(List.of(nested), Duration.ofSeconds(9), List.of(), 10);
    }
    TriggerRuntime runtime = start(nested);
    assertThat(runtime.offer(at("x", 0), START).firings()).hasSize(1);
    Checkpoint checkpoint = runtime.checkpoint();
    assertThat(
            TriggerRuntime.restore(declared(nested), RuntimeSettings.DEFAULT, checkpoint)
                .checkpoint())
        .isEqualTo(checkpoint);
  }

  @Test
  void aThousandNestedCompositesClimbAreClearedAndEdited() {
    Trigger watched = nested(watch(Duration.ofSeconds(10), null).build());
    TriggerRuntime runtime = start(watched);
    assertThat(runtime.advanceTo(START.plusSeconds(10)).firings())
        .as("an absence climbs through all of them")
        .hasSize(1);
    runtime.setActive("a", false, START.plusSeconds(11));
    assertThat(runtime.keys()).isZero();
    assertThat(runtime.nextDeadline()).isNull();
    runtime.setActive("a", true, START.plusSeconds(12));
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(22));
    Trigger other = nested(EventTrigger.reactive().expect("y").build());
    assertThat(runtime.declare(declared(other), START.plusSeconds(13)).edit().changes())
        .extracting(Edit.Change::fate)
        .containsExactly(Edit.Fate.RESET);
    assertThat(runtime.offer(at("y", 14), START.plusSeconds(14)).firings()).hasSize(1);
  }

  private static Trigger nested(Trigger innermost) {
    Trigger nested = innermost;
    for (int depth = 0; depth < 1_000; depth++) {
      nested = new CompoundTrigger(List.of(nested), 1, null, List.of(), 10);
    }
    return nested;
  }

  @Test
  void aThousandEqualChildrenEachHaveTheirOwnState() {
    List<Trigger> twins =
        Collections.nCopies(
            1_000,
            EventTrigger.reactive().expect("x").threshold(2).within(Duration.ofSeconds(9)).build());
    TriggerRuntime runtime = start(new CompoundTrigger(twins, 1_000, null, List.of(), 10));
    runtime.offer(at("x", 0), START);
    assertThat(runtime.keys()).isEqualTo(1_000);
    assertThat(runtime.offer(at("x", 1), START.plusSeconds(1)).firings()).hasSize(1);
  }

  @Test
  void theLongestWindowsHoldAtTheEndsOfTime() {
    Instant end = Event.END_OF_TIME.minusNanos(1_000);
    TriggerRuntime runtime =
        new TriggerRuntime(
            declared(
                new CompoundTrigger(
                    List.of(
                        watch(Trigger.MAX_DURATION, Trigger.MAX_DURATION).build(),
                        watch(Trigger.MAX_DURATION, null).after("go").build()),
                    2,
                    Trigger.MAX_DURATION,
                    List.of(),
                    10)),
            RuntimeSettings.DEFAULT,
            Event.MIN_OCCURRED);
    runtime.offer(Events.named("go").at(Event.MIN_OCCURRED).build(), Event.MIN_OCCURRED);
    runtime.offer(Events.named("go").id("late").at(Event.MIN_OCCURRED).build(), end);
    runtime.offer(Events.named("x").at(end).build(), end);
    runtime.offer(Events.named("x").id("old").at(Event.MIN_OCCURRED).build(), end);
    assertThat(runtime.nextDeadline()).isAfter(end);
    Checkpoint checkpoint = runtime.checkpoint();
    assertThat(Rows.keys(checkpoint)).isNotEmpty();
  }

  @Test
  void anEventFromTheFutureSilencesItsOwnKeyOnly() {
    TriggerRuntime runtime = start(watch(Duration.ofSeconds(10), null).forEach("k").build());
    runtime.offer(keyed("u", Event.END_OF_TIME.minusNanos(1_000)), START);
    runtime.offer(keyed("v", START), START);
    assertThat(runtime.advanceTo(START.plusSeconds(3_600)).firings())
        .extracting(firing -> firing.labels().get("k"))
        .containsExactly("v");
  }

  @Test
  void aDayOfRepeatsComesInPieces() {
    TriggerRuntime runtime = start(watch(Duration.ofSeconds(10), Duration.ofSeconds(1)).build());
    Instant later = START.plus(Duration.ofDays(1));
    long fired = 0;
    int most = 0;
    for (Instant next = runtime.nextDeadline();
        next != null && !next.isAfter(later);
        next = runtime.nextDeadline()) {
      int firings = runtime.advanceTo(later).firings().size();
      most = Math.max(most, firings);
      fired += firings;
    }
    assertThat(fired).isEqualTo(86_400 - 9);
    assertThat(most).isEqualTo(TriggerRuntime.MAX_AT_ONCE);
    assertThat(runtime.clock()).isEqualTo(later);
  }

  @Test
  void anEventFromLongAgoEndsTheWaitingOfTheNewestRepeatsOnly() {
    TriggerRuntime runtime =
        start(watch(Duration.ofSeconds(10), Duration.ofSeconds(1)).forEach("k").build());
    runtime.offer(keyed("v", START.minus(Duration.ofDays(1_000))), START);
    List<Firing> firings = runtime.offer(keyed("v", START), START).firings();
    assertThat(firings).hasSize(2 + ProactiveMachine.MAX_REPEATS);
    assertThat(firings.getFirst().triggered())
        .isEqualTo(START.minus(Duration.ofDays(1_000)).plusSeconds(10));
    assertThat(firings.get(1).triggered()).isEqualTo(START.minusSeconds(999));
    assertThat(firings.get(ProactiveMachine.MAX_REPEATS).triggered()).isEqualTo(START);
    assertThat(firings.getLast().state()).isEqualTo(State.RESOLVED);
  }

  @Test
  @Timeout(30)
  void anEventThatEndsTheWaitingOfManyTakesTimeInProportionToThem() {
    int many = 40_000;
    EventTriggerBuilder watch =
        EventTrigger.of(
                new Posture.Proactive(
                    Duration.ofSeconds(60),
                    OnBlind.EXTEND,
                    null,
                    List.of(),
                    Posture.Proactive.DEFAULT_FORGET_AFTER))
            .expect("x");
    List<Declaration> declared = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      // The later declared, the earlier due.
      Duration within = Duration.ofSeconds(20).minusNanos(i * 1_000L);
      declared.add(new Declaration("a" + i, watch.within(within).build(), true));
    }
    TriggerRuntime runtime = new TriggerRuntime(declared, RuntimeSettings.DEFAULT, START);
    List<Firing> firings = runtime.offer(at("x", 21), START.plusSeconds(21)).firings();
    assertThat(firings).hasSize(2 * many);
    assertThat(firings.subList(0, many))
        .isSortedAccordingTo(Comparator.comparing(Firing::triggered))
        .allMatch(firing -> firing.state() == State.TRIGGERED);
  }

  @Test
  void aHundredThousandKeysDueAtOnceFireOnceEachInOrder() {
    TriggerRuntime runtime = start(watch(Duration.ofSeconds(10), null).forEach("k").build());
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      keys.add("key-" + (i * 7_919L) % 100_000);
      runtime.offer(keyed(keys.getLast(), START), START);
    }
    assertThat(runtime.advanceTo(START.plusSeconds(9))).isSameAs(Step.NOTHING);
    List<String> fired = new ArrayList<>();
    for (int piece = 0; piece < 100_000 / TriggerRuntime.MAX_AT_ONCE; piece++) {
      runtime
          .advanceTo(START.plusSeconds(12))
          .firings()
          .forEach(firing -> fired.add(firing.labels().getOrDefault("k", "")));
    }
    assertThat(fired).isEqualTo(keys.stream().sorted().toList());
    assertThat(runtime.clock()).isEqualTo(START.plusSeconds(12));
  }

  @Test
  void aKeyThatIsDoneLeavesNothingBehind() {
    TriggerRuntime runtime =
        start(
            new CompoundTrigger(
                List.of(
                    watch(Duration.ofSeconds(10), null).after("go").forEach("k").build(),
                    EventTrigger.reactive().expect("go").forEach("k").build()),
                2,
                Duration.ofSeconds(10),
                List.of(LabelReference.parse("k")),
                1_000));
    for (int i = 0; i < 500; i++) {
      Events go = Events.named("go").id("go" + i).resource(Resource.ID, "r", "k", "k" + i);
      runtime.offer(go.at(START).build(), START);
      if (i % 2 == 0) {
        runtime.offer(keyed("k" + i, START), START);
      }
    }
    assertThat(runtime.keys()).isEqualTo(500 + 250);
    assertThat(runtime.advanceTo(START.plusSeconds(10)).firings()).hasSize(250);
    assertThat(runtime.nextDeadline()).isNull();
    assertThat(runtime.keys()).isEqualTo(250);
    runtime.advanceTo(START.plusSeconds(910));
    assertThat(runtime.keys()).isZero();
    assertThat(Rows.keys(runtime.checkpoint())).isEmpty();
  }

  @Test
  void aFloodOfKeysIsBoundedAndSaid() {
    TriggerRuntime runtime =
        start(watch(Duration.ofSeconds(10), null).forEach("k").maxKeys(3).build());
    List<Step.Eviction> evicted = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      evicted.addAll(runtime.offer(keyed("k" + i, START), START).evicted());
    }
    assertThat(evicted).extracting(given -> given.key().values().getFirst()).hasSize(7);
    assertThat(runtime.advanceTo(START.plusSeconds(60)).firings())
        .extracting(firing -> firing.labels().get("k"))
        .containsExactly("k7", "k8", "k9");
  }

  @Test
  void aClockThatStepsBackIsTheClockAsItWas() {
    TriggerRuntime runtime = start(watch(Duration.ofSeconds(10), null).build());
    runtime.offer(at("x", 5), START.plusSeconds(5));
    runtime.offer(at("x", 6), START.minusSeconds(500));
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(16));
    assertThat(runtime.advanceTo(START).firings()).isEmpty();
    assertThat(runtime.clock()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void aRosterLargerThanTheKeysAllowedIsRefused() {
    List<BucketingKey> roster =
        List.of(new BucketingKey(List.of("u")), new BucketingKey(List.of("v")));
    Posture posture =
        new Posture.Proactive(Duration.ZERO, OnBlind.EXTEND, null, roster, Duration.ofDays(1));
    assertThatThrownBy(() -> EventTrigger.of(posture).expect("x").forEach("k").maxKeys(1).build())
        .isInstanceOf(InvalidTriggerException.class)
        .hasMessageContaining("has 2 keys, but max_keys is 1");
  }

  private static EventTriggerBuilder watch(Duration within, @Nullable Duration repeat) {
    return EventTrigger.of(
            new Posture.Proactive(
                Duration.ZERO, OnBlind.EXTEND, repeat, List.of(), Trigger.MAX_DURATION))
        .expect("x")
        .within(within);
  }

  private static Event at(String name, int second) {
    return Events.named(name).id(name + second).at(START.plusSeconds(second)).build();
  }

  private static Event keyed(String key, Instant occurred) {
    return Events.named("x")
        .id(key + "@" + occurred)
        .at(occurred)
        .resource(Resource.ID, "r", "k", key)
        .build();
  }

  private static List<Declaration> declared(Trigger trigger) {
    return List.of(new Declaration("a", trigger, true));
  }

  private static TriggerRuntime start(Trigger trigger) {
    return new TriggerRuntime(declared(trigger), RuntimeSettings.DEFAULT, START);
  }
}
