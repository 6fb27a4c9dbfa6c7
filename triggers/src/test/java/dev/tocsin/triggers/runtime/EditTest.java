package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tocsin.triggers.CompoundTrigger;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trials;
import dev.tocsin.triggers.Trigger;
import dev.tocsin.triggers.TriggerTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** New declarations in a running engine, and across a restart. */
class EditTest {

  private static final Instant START = Traces.START;
  private static final Trigger PAIR = counting(2);
  private static final Trigger TRIPLE = counting(3);
  private static final Trigger WATCH =
      EventTrigger.of(TriggerTest.proactive()).expect("x").within(Duration.ofSeconds(10)).build();

  @Test
  void theSameDeclarationsInAnotherOrderKeepEveryState() {
    TriggerRuntime runtime = start(on("a", PAIR), on("b", TRIPLE));
    offer(runtime, "e1", 0);
    TriggerRuntime.Edited edited = declare(runtime, 1, on("b", TRIPLE), on("a", PAIR));
    assertThat(edited.step()).isEqualTo(Step.NOTHING);
    assertThat(edited.edit().isEmpty()).isTrue();
    assertThat(edited.edit().changes())
        .containsExactly(change("b", Edit.Fate.KEPT), change("a", Edit.Fate.KEPT));
    assertThat(offer(runtime, "e2", 2).firings())
        .extracting(Firing::automation)
        .containsExactly("a");
    assertThat(offer(runtime, "e3", 3).firings())
        .extracting(Firing::automation)
        .containsExactly("b");
  }

  @Test
  void aChangedMeaningStartsAnewAndSaysSo() {
    TriggerRuntime runtime = start(on("a", PAIR));
    offer(runtime, "e1", 0);
    TriggerRuntime.Edited edited = declare(runtime, 1, on("a", TRIPLE));
    assertThat(edited.edit().changes()).containsExactly(change("a", Edit.Fate.RESET));
    assertThat(edited.edit().isEmpty()).isFalse();
    assertThat(runtime.keys()).isZero();
    offer(runtime, "e2", 2);
    assertThat(offer(runtime, "e3", 3).firings()).isEmpty();
    assertThat(offer(runtime, "e4", 4).firings()).hasSize(1);
  }

  @Test
  void aNewWatchIsArmedAtItsPlaceInTheOrder() {
    TriggerRuntime runtime = start(on("a", PAIR));
    assertThat(declare(runtime, 5, on("a", PAIR), on("w", WATCH)).edit().changes())
        .containsExactly(change("a", Edit.Fate.KEPT), change("w", Edit.Fate.ADDED));
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(15));
  }

  @Test
  void oneThatIsGoneLeavesNothing() {
    TriggerRuntime runtime = start(on("a", PAIR), on("w", WATCH));
    offer(runtime, "e1", 0);
    assertThat(declare(runtime, 5).edit().changes())
        .containsExactly(change("a", Edit.Fate.REMOVED), change("w", Edit.Fate.REMOVED));
    assertThat(runtime.nextDeadline()).isNull();
    assertThat(runtime.keys()).isZero();
    assertThat(runtime.checkpoint().owners()).isEmpty();
    assertThat(offer(runtime, "e2", 6)).isEqualTo(Step.NOTHING);
  }

  @Test
  void whatWasDueBeforeIsEvaluatedByTheTriggersOfThen() {
    TriggerRuntime runtime = start(on("w", WATCH));
    TriggerRuntime.Edited edited = declare(runtime, 60, on("a", PAIR));
    assertThat(edited.step().firings())
        .extracting(Firing::triggered)
        .containsExactly(START.plusSeconds(10));
  }

  @Test
  void aRenamedAutomationGoesOnWithTheStateOfAllItsTriggers() {
    Trigger tree =
        new SequenceTrigger(
            List.of(PAIR, new CompoundTrigger(List.of(WATCH, PAIR), 2, null, List.of(), 10)),
            null,
            List.of(),
            10);
    TriggerRuntime before = start(on("old", tree), on("other", PAIR));
    offer(before, "e1", 0);
    offer(before, "e2", 1);
    offer(before, "e3", 2);
    Checkpoint state = before.checkpoint();
    assertThat(declare(before, 3, on("other", PAIR), on("new", tree)).edit().changes())
        .containsExactly(
            change("other", Edit.Fate.KEPT), new Edit.Change("new", Edit.Fate.RENAMED, "old"));
    assertThat(Rows.keys(before.checkpoint()))
        .extracting(Rows.Key::state)
        .containsExactlyInAnyOrderElementsOf(
            Rows.keys(state).stream().map(Rows.Key::state).toList());
    assertThat(Rows.keys(before.checkpoint())).hasSize(6);
    assertThat(before.nextDeadline()).isEqualTo(START.plusSeconds(12));
  }

  @Test
  void twoNewOnesWithTheMeaningOfTheOneThatIsGoneStartAnew() {
    TriggerRuntime runtime = start(on("old", PAIR));
    offer(runtime, "e1", 0);
    assertThat(declare(runtime, 1, on("n1", PAIR), on("n2", PAIR)).edit().changes())
        .containsExactly(
            change("n1", Edit.Fate.ADDED),
            change("n2", Edit.Fate.ADDED),
            change("old", Edit.Fate.REMOVED));
    assertThat(runtime.keys()).isZero();
  }

  @Test
  void twoThatAreGoneHandNothingToOne() {
    TriggerRuntime runtime = start(on("o1", PAIR), on("o2", PAIR));
    offer(runtime, "e1", 0);
    assertThat(declare(runtime, 1, on("new", PAIR)).edit().changes())
        .containsExactly(
            change("new", Edit.Fate.ADDED),
            change("o1", Edit.Fate.REMOVED),
            change("o2", Edit.Fate.REMOVED));
  }

  @Test
  void oneThatWasThereBeforeInheritsNothing() {
    TriggerRuntime runtime = start(on("old", PAIR), on("stays", TRIPLE));
    assertThat(declare(runtime, 1, on("stays", PAIR)).edit().changes())
        .containsExactly(change("stays", Edit.Fate.RESET), change("old", Edit.Fate.REMOVED));
  }

  @Test
  void aSwitchIsKeptThroughEditsResetsAndRenames() {
    TriggerRuntime runtime = start(on("a", PAIR), on("b", PAIR), on("c", WATCH));
    runtime.setActive("a", false, START);
    runtime.setActive("b", false, START);
    runtime.setActive("c", false, START);
    Edit edit = declare(runtime, 1, on("a", PAIR), on("b", TRIPLE), on("c2", WATCH)).edit();
    assertThat(edit.changes())
        .containsExactly(
            change("a", Edit.Fate.KEPT),
            change("b", Edit.Fate.RESET),
            new Edit.Change("c2", Edit.Fate.RENAMED, "c"));
    for (String automation : List.of("a", "b", "c2")) {
      assertThat(runtime.isActive(automation)).as(automation).isFalse();
      runtime.setActive(automation, true, START);
      assertThat(runtime.isActive(automation)).as(automation).isTrue();
    }
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void theKeysOfAnAutomationAreCounted() {
    TriggerRuntime runtime = start(on("a", PAIR), on("w", WATCH));
    offer(runtime, "e1", 0);
    assertThat(runtime.keys("a")).isEqualTo(1);
    assertThat(runtime.keys("w")).isEqualTo(1);
    assertThat(runtime.keys("unknown")).isZero();
  }

  @Test
  void enabledInTheDeclarationSwitches() {
    TriggerRuntime runtime = start(on("a", PAIR), off("b", WATCH));
    offer(runtime, "e1", 0);
    assertThat(declare(runtime, 1, off("a", PAIR), on("b", WATCH)).edit().changes())
        .containsExactly(change("a", Edit.Fate.SWITCHED_OFF), change("b", Edit.Fate.SWITCHED_ON));
    assertThat(runtime.keys()).isEqualTo(1);
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(11));
    declare(runtime, 2, on("a", PAIR), on("b", WATCH));
    assertThat(offer(runtime, "e2", 2).firings()).isEmpty();
  }

  @Test
  void fewerKeysThanThereAreGivesTheOldestUp() {
    BiFunction<String, Integer, Trigger> keyed =
        (name, most) ->
            EventTrigger.of(TriggerTest.proactive())
                .expect(name)
                .forEach("k")
                .maxKeys(most)
                .build();
    TriggerRuntime runtime = start(on("a", keyed.apply("x", 9)));
    for (String value : List.of("u", "v", "w")) {
      runtime.offer(Events.named("x").resource(Resource.ID, "r", "k", value).build(), START);
    }
    TriggerRuntime.Edited edited = declare(runtime, 1, on("a", keyed.apply("x", 1)));
    assertThat(edited.edit().isEmpty()).isTrue();
    assertThat(edited.step().evicted())
        .extracting(given -> given.key().values().getFirst())
        .containsExactly("u", "v");
    assertThat(runtime.keys()).isEqualTo(1);
  }

  @Test
  void declaredTwiceNothingChanges() {
    TriggerRuntime runtime = start(on("w", WATCH));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> declare(runtime, 60, on("a", PAIR), on("a", PAIR)))
        .withMessage("duplicate automation 'a'");
    assertThat(runtime.clock()).isEqualTo(START);
    assertThat(runtime.isActive("w")).isTrue();
  }

  @Test
  void afterARestartWhatIsNewTakesNothingInUntilItIsActivated() {
    TriggerRuntime before = start(on("a", PAIR), on("b", PAIR), on("old", TRIPLE));
    offer(before, "e1", 0);
    TriggerRuntime after =
        TriggerRuntime.restore(
            List.of(on("a", PAIR), on("b", WATCH), on("n", WATCH), on("new", TRIPLE)),
            RuntimeSettings.DEFAULT,
            before.checkpoint());
    // The journal after the checkpoint.
    assertThat(offer(after, "e2", 1).firings()).extracting(Firing::automation).containsExactly("a");
    after.setActive("b", false, START.plusSeconds(2));
    after.setActive("b", true, START.plusSeconds(3));
    after.setActive("a", false, START.plusSeconds(3));
    after.setActive("a", true, START.plusSeconds(3));
    assertThat(after.isActive("a")).isTrue();
    assertThat(after.isActive("b")).isFalse();
    assertThat(after.nextDeadline()).isNull();
    assertThatIllegalStateException().isThrownBy(() -> declare(after, 4));
    // The start.
    TriggerRuntime.Edited edited = after.activateNew(START.plusSeconds(60));
    assertThat(edited.edit().changes())
        .containsExactly(
            change("a", Edit.Fate.KEPT),
            change("b", Edit.Fate.RESET),
            change("n", Edit.Fate.ADDED),
            new Edit.Change("new", Edit.Fate.RENAMED, "old"));
    assertThat(after.nextDeadline()).isEqualTo(START.plusSeconds(70));
    assertThat(after.activateNew(START.plusSeconds(61)).edit().changes()).isEmpty();
    assertThat(offer(after, "e3", 61).firings())
        .extracting(Firing::automation)
        .containsExactly("new");
  }

  @Test
  void anEditAnywhereIsARestartWithTheSameEdit() {
    Trials.run(
        100,
        random -> {
          Traces.Trace trace = Traces.trace(random);
          List<Declaration> edited = new ArrayList<>(trace.declarations());
          edited.removeIf(_ -> random.nextInt(3) == 0);
          edited.add(new Declaration("new", Traces.trigger(random), true));
          TriggerRuntime live = new TriggerRuntime(trace.declarations(), trace.settings(), START);
          for (Traces.Entry entry : trace.entries().subList(0, 25)) {
            LawTest.evaluate(live, entry);
          }
          TriggerRuntime restarted =
              TriggerRuntime.restore(edited, trace.settings(), live.checkpoint());
          assertThat(restarted.activateNew(live.clock()))
              .isEqualTo(live.declare(edited, live.clock()));
          for (Traces.Entry entry : trace.entries().subList(25, 50)) {
            assertThat(LawTest.evaluate(restarted, entry)).isEqualTo(LawTest.evaluate(live, entry));
          }
          assertThat(restarted.checkpoint()).isEqualTo(live.checkpoint());
        });
  }

  private static EventTrigger counting(int threshold) {
    return EventTrigger.reactive()
        .expect("x")
        .threshold(threshold)
        .within(Duration.ofSeconds(100))
        .build();
  }

  private static Declaration on(String automation, Trigger trigger) {
    return new Declaration(automation, trigger, true);
  }

  private static Declaration off(String automation, Trigger trigger) {
    return new Declaration(automation, trigger, false);
  }

  private static Edit.Change change(String automation, Edit.Fate fate) {
    return new Edit.Change(automation, fate, null);
  }

  private static TriggerRuntime start(Declaration... declared) {
    return new TriggerRuntime(List.of(declared), RuntimeSettings.DEFAULT, START);
  }

  private static TriggerRuntime.Edited declare(
      TriggerRuntime runtime, int second, Declaration... declared) {
    Edit planned = runtime.plan(List.of(declared));
    TriggerRuntime.Edited edited = runtime.declare(List.of(declared), START.plusSeconds(second));
    assertThat(edited.edit()).as("as planned").isEqualTo(planned);
    return edited;
  }

  private static Step offer(TriggerRuntime runtime, String id, int second) {
    Event event = Events.named("x").id(id).at(Duration.ofSeconds(second)).build();
    return runtime.offer(event, event.occurred());
  }
}
