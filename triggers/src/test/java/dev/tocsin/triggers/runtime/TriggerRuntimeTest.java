package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Condition;
import dev.tocsin.triggers.Conditions;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.State;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TriggerRuntimeTest {

  private static final Instant START = Traces.START;
  private static final EventTrigger EACH = EventTrigger.reactive().expect("x").build();
  private static final EventTrigger PAIR =
      EventTrigger.reactive()
          .expect("x")
          .forEach("k")
          .threshold(2)
          .within(Duration.ofSeconds(10))
          .build();

  @Test
  void aFiringSaysWhatFiredWhenAndWhy() {
    TriggerRuntime runtime = runtime(PAIR);
    offer(runtime, "e1", 0, "v");
    Step step = offer(runtime, "e2", 3, "v");
    Instant third = START.plusSeconds(3);
    assertThat(step.firings())
        .containsExactly(
            new Firing(
                "ece6c56a-7235-815c-857b-2b292c28caea",
                "a",
                State.TRIGGERED,
                third,
                Map.of("k", "v"),
                "e2",
                List.of(),
                new Reason.Counted(2, START, third, Duration.ofSeconds(10)),
                new Causation(1, "e2")));
    assertThat(step.observations())
        .containsExactly(
            new Step.Observation(
                "a",
                new BucketingKey(List.of("v")),
                Outcome.FIRED,
                "",
                new FiringProgress.Complete(
                    new Reason.Counted(2, START, third, Duration.ofSeconds(10)))));
  }

  @Test
  void theReasonOfAWindowThatAfterOpenedSaysSo() {
    TriggerRuntime runtime = runtime(EventTrigger.reactive().after("go").expect("x").build());
    runtime.offer(Events.named("go").build(), START);
    Step step = runtime.offer(Events.named("x").build(), START);
    assertThat(step.firings().getFirst().reason())
        .isEqualTo(new Reason.Followed(1, START, START, Duration.ZERO))
        .extracting(Reason::sentence)
        .isEqualTo(
            "1 expected event up to 2026-01-01T00:00:00Z, after the window opened at"
                + " 2026-01-01T00:00:00Z.");
  }

  @Test
  void labelsOfAFiringAreInTheOrderOfTheReferences() {
    TriggerRuntime runtime =
        runtime(
            EventTrigger.reactive()
                .expect("x")
                .forEach("zone", "related:flow:k", "k", "zone")
                .build());
    Event event =
        Events.named("x")
            .resource(Resource.ID, "r", "k", "1")
            .related(
                RelatedResource.of(Resource.ID, "p", "prefect.resource.role", "pool", "k", "2"))
            .related(
                RelatedResource.of(Resource.ID, "f", "prefect.resource.role", "flow", "k", "3"))
            .related(
                RelatedResource.of(Resource.ID, "g", "prefect.resource.role", "flow", "k", "4"))
            .build();
    assertThat(runtime.offer(event, START).firings().getFirst().labels())
        .hasToString("{k=1, related:flow:k=3, zone=}");
  }

  @Test
  void idsDifferByAutomationMeaningKeyAndEvent() {
    List<String> ids = new ArrayList<>();
    EventTrigger keyed = EventTrigger.reactive().expect("x").forEach("k").build();
    ids.add(offer(runtime(keyed), "e1", 0, "v").firings().getFirst().id());
    ids.add(offer(runtime(keyed), "e2", 0, "v").firings().getFirst().id());
    ids.add(offer(runtime(keyed), "e1", 0, "w").firings().getFirst().id());
    ids.add(offer(runtime(EACH), "e1", 0, "v").firings().getFirst().id());
    ids.add(
        offer(runtime(new Declaration("b", keyed, true)), "e1", 0, "v").firings().getFirst().id());
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void automationsFireInTheOrderDeclared() {
    List<Declaration> declarations = new ArrayList<>();
    for (String id : List.of("c", "a", "b")) {
      declarations.add(new Declaration(id, EACH, true));
    }
    TriggerRuntime runtime = new TriggerRuntime(declarations, RuntimeSettings.DEFAULT, START);
    assertThat(offer(runtime, "e", 0, "v").firings())
        .extracting(Firing::automation)
        .containsExactly("c", "a", "b");
  }

  @Test
  void anEventThatNoTriggerCoversDoesNothing() {
    TriggerRuntime runtime = runtime(EACH);
    assertThat(runtime.offer(Events.named("y").build(), START)).isSameAs(Step.NOTHING);
    assertThat(runtime.nextDeadline()).isNull();
  }

  @Test
  void theClockNeverGoesBack() {
    TriggerRuntime runtime = runtime(EACH);
    runtime.advanceTo(START.plusSeconds(5));
    runtime.advanceTo(START);
    assertThat(runtime.clock()).isEqualTo(START.plusSeconds(5));
    offer(runtime, "e", -5, "v");
    assertThat(runtime.clock()).isEqualTo(START.plusSeconds(5));
    runtime.setActive("a", false, START.plusSeconds(7));
    assertThat(runtime.clock()).isEqualTo(START.plusSeconds(7));
  }

  @Test
  void anEventFromTheFutureDoesNotMoveTheClock() {
    TriggerRuntime runtime = runtime(EACH);
    runtime.offer(Events.named("x").at(Duration.ofDays(1)).build(), START);
    assertThat(runtime.clock()).isEqualTo(START);
  }

  @Test
  void switchedOffItTakesNothingInAndForgets() {
    TriggerRuntime runtime = runtime(PAIR);
    offer(runtime, "e1", 0, "v");
    assertThat(runtime.keys()).isEqualTo(1);
    runtime.setActive("a", false, START);
    assertThat(runtime.isActive("a")).isFalse();
    assertThat(runtime.keys()).isZero();
    assertThat(offer(runtime, "e2", 1, "v")).isEqualTo(Step.NOTHING);
    runtime.setActive("a", true, START);
    assertThat(runtime.isActive("a")).isTrue();
    assertThat(offer(runtime, "e3", 2, "v").firings()).isEmpty();
    assertThat(offer(runtime, "e4", 3, "v").firings()).hasSize(1);
  }

  @Test
  void switchingOnWhatIsOnKeepsItsState() {
    TriggerRuntime runtime = runtime(PAIR);
    offer(runtime, "e1", 0, "v");
    runtime.setActive("a", true, START);
    runtime.setActive("unknown", true, START);
    assertThat(runtime.isActive("unknown")).isFalse();
    assertThat(offer(runtime, "e2", 1, "v").firings()).hasSize(1);
  }

  @Test
  void declaredAsDisabledItStaysOffUntilItIsSwitchedOn() {
    TriggerRuntime runtime = runtime(new Declaration("a", EACH, false));
    assertThat(offer(runtime, "e1", 0, "v")).isEqualTo(Step.NOTHING);
    runtime.setActive("a", true, START);
    assertThat(offer(runtime, "e2", 0, "v").firings()).hasSize(1);
  }

  @Test
  void aSwitchOutlivesARestartUntilTheDeclarationSaysOtherwise() {
    TriggerRuntime runtime = runtime(EACH);
    runtime.setActive("a", false, START);
    Checkpoint checkpoint = runtime.checkpoint();
    assertThat(restore(new Declaration("a", EACH, true), checkpoint).isActive("a")).isFalse();
    // Disabled in the file since then: the switch is no longer what holds it off.
    Checkpoint later = restore(new Declaration("a", EACH, false), checkpoint).checkpoint();
    assertThat(restore(new Declaration("a", EACH, true), later).isActive("a")).isTrue();
  }

  @Test
  void aChangedMeaningStartsAnew() {
    TriggerRuntime runtime = runtime(PAIR);
    offer(runtime, "e1", 0, "v");
    Checkpoint checkpoint = runtime.checkpoint();
    EventTrigger longer =
        EventTrigger.reactive()
            .expect("x")
            .forEach("k")
            .threshold(2)
            .within(Duration.ofSeconds(11))
            .build();
    assertThat(restore(new Declaration("a", PAIR, true), checkpoint).keys()).isEqualTo(1);
    assertThat(restore(new Declaration("a", longer, true), checkpoint).keys()).isZero();
    assertThat(restore(new Declaration("a", PAIR, false), checkpoint).keys()).isZero();
  }

  @Test
  void oneKeyTooManyGivesUpTheOneLongestUnchanged() {
    TriggerRuntime runtime =
        runtime(
            EventTrigger.reactive()
                .expect("x")
                .forEach("k")
                .threshold(3)
                .within(Duration.ofSeconds(100))
                .maxKeys(2)
                .build());
    offer(runtime, "e1", 0, "v");
    offer(runtime, "e2", 1, "w");
    offer(runtime, "e3", 2, "v");
    Step step = offer(runtime, "e4", 3, "u");
    assertThat(step.evicted())
        .containsExactly(new Step.Eviction("a", new BucketingKey(List.of("w")), Map.of("k", "w")));
    assertThat(runtime.keys()).isEqualTo(2);
    assertThat(offer(runtime, "e5", 4, "v").firings()).hasSize(1);
  }

  /**
   * The one longest unchanged has the longest window here: its event says it comes from the future.
   */
  @Test
  void aLapsedKeyMakesRoomBeforeALiveOneIsEvicted() {
    TriggerRuntime runtime =
        runtime(
            EventTrigger.reactive()
                .expect("x")
                .forEach("k")
                .threshold(2)
                .within(Duration.ofSeconds(10))
                .maxKeys(2)
                .build());
    Event future = keyed("e1", 2_000, "v");
    runtime.offer(future, START);
    offer(runtime, "e2", 0, "w");
    assertThat(runtime.keys()).isEqualTo(2);
    assertThat(offer(runtime, "e3", 1_000, "u").evicted()).isEmpty();
    assertThat(runtime.keys()).isEqualTo(2);
    assertThat(runtime.offer(keyed("e4", 2_001, "v"), START.plusSeconds(1_000)).firings())
        .hasSize(1);
  }

  @Test
  void lapsedKeysAreNeitherCountedNorSaved() {
    TriggerRuntime runtime = runtime(PAIR);
    for (int i = 0; i < 10; i++) {
      offer(runtime, "e" + i, 0, "v" + i);
    }
    runtime.advanceTo(START.plusSeconds(910).minusNanos(1_000));
    assertThat(runtime.keys()).isEqualTo(10);
    runtime.advanceTo(START.plusSeconds(910));
    assertThat(runtime.keys()).isZero();
    assertThat(Rows.keys(runtime.checkpoint())).isEmpty();
  }

  /**
   * More lapse at once than one event frees the memory of: the last of them is not found either.
   */
  @Test
  void aLapsedKeyIsNotFoundThoughItsMemoryIsNotFreed() {
    TriggerRuntime runtime = runtime(PAIR);
    for (int i = 0; i < 100; i++) {
      offer(runtime, "e" + i, 0, "v" + i);
    }
    Event late = keyed("late", 1, "v99");
    assertThat(runtime.offer(late, START.plusSeconds(910)).observations())
        .containsExactly(
            new Step.Observation(
                "a",
                new BucketingKey(List.of("v99")),
                Outcome.COUNTED,
                "",
                new FiringProgress.Events(1, 2)));
    assertThat(runtime.keys()).isEqualTo(1);
  }

  @Test
  void twentyDeepFiresAndTwentyOneIsALoop() {
    TriggerRuntime runtime = runtime(EACH);
    Step last = runtime.offer(Events.named("x").id("e19").causedBy(19, "first").build(), START);
    assertThat(last.firings().getFirst().causation()).isEqualTo(new Causation(20, "first"));
    assertThat(last.loops()).isEmpty();
    Step stopped = runtime.offer(Events.named("x").id("e20").causedBy(20, "first").build(), START);
    assertThat(stopped.firings()).isEmpty();
    assertThat(stopped.loops()).containsExactly(new Step.LoopStop("a", "e20", "first"));
  }

  @Test
  void aConditionIsAskedOnlyOfWhatMatchesAndItsFaultIsShown() {
    List<String> asked = new ArrayList<>();
    EventTrigger trigger =
        EventTrigger.reactive()
            .expect("x")
            .match(ResourceSpecification.of("k", "v"))
            .where(
                Conditions.of(
                    "event.payload.a > 1",
                    event -> {
                      asked.add(event.id());
                      return new Condition.Truth.Unevaluable("no such key: a");
                    }))
            .build();
    TriggerRuntime runtime = runtime(trigger);
    offer(runtime, "e1", 0, "w");
    Step step = offer(runtime, "e2", 0, "v");
    assertThat(asked).containsExactly("e2");
    assertThat(step.firings()).isEmpty();
    assertThat(step.observations())
        .containsExactly(
            new Step.Observation(
                "a", BucketingKey.NONE, Outcome.CONDITION_FAULTY, "no such key: a"));
  }

  @Test
  void refusesTheSameAutomationTwice() {
    Declaration declaration = new Declaration("a", EACH, true);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TriggerRuntime(
                    List.of(declaration, declaration), RuntimeSettings.DEFAULT, START))
        .withMessage("duplicate automation 'a'");
  }

  @Test
  void refusesACheckpointItCannotRead() {
    TriggerRuntime runtime = runtime(PAIR);
    offer(runtime, "e1", 0, "v");
    Checkpoint good = runtime.checkpoint();
    Rows.Key key = Rows.keys(good).getFirst();
    for (byte[] state : List.of(new byte[0], new byte[] {1, 2}, new byte[] {(byte) 0x80})) {
      Checkpoint bad = good.with(List.of(Rows.page(key.owner(), key.key(), state)));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> restore(new Declaration("a", PAIR, true), bad))
          .withMessage("state is truncated or of an unknown version");
    }
  }

  @Test
  void settingsHaveBounds() {
    assertThat(RuntimeSettings.DEFAULT).isEqualTo(new RuntimeSettings(Duration.ofMinutes(15), 20));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RuntimeSettings(Duration.ofSeconds(-1), 20))
        .withMessage("lapse must be 0 to 3,660 days, not -1s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RuntimeSettings(Duration.ofDays(3_661), 20))
        .withMessage("lapse must be 0 to 3,660 days, not 3661d");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RuntimeSettings(Duration.ZERO, 0))
        .withMessage("max_causal_depth must be at least 1, not 0");
  }

  private static TriggerRuntime runtime(Trigger trigger) {
    return runtime(new Declaration("a", trigger, true));
  }

  private static TriggerRuntime runtime(Declaration declaration) {
    return new TriggerRuntime(List.of(declaration), RuntimeSettings.DEFAULT, START);
  }

  private static TriggerRuntime restore(Declaration declaration, Checkpoint checkpoint) {
    TriggerRuntime runtime =
        TriggerRuntime.restore(List.of(declaration), RuntimeSettings.DEFAULT, checkpoint);
    runtime.activateNew(checkpoint.clock());
    return runtime;
  }

  private static Step offer(TriggerRuntime runtime, String id, long second, String value) {
    Event event = keyed(id, second, value);
    return runtime.offer(event, event.occurred());
  }

  private static Event keyed(String id, long second, String value) {
    return Events.named("x")
        .id(id)
        .at(START.plusSeconds(second))
        .resource(Resource.ID, "r", "k", value)
        .build();
  }
}
