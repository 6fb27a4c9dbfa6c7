package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The keys of all triggers together have one bound. */
class StateLimitTest {

  private static final Instant START = Traces.START;
  private static final String LONG = "k".repeat(10_000);

  private static Declaration counting(String id, String name) {
    return new Declaration(
        id,
        EventTrigger.reactive()
            .expect(name)
            .forEach("k")
            .threshold(2)
            .within(Duration.ofHours(1))
            .build(),
        true);
  }

  private static Event event(String name, String key) {
    return Events.named(name)
        .id(name + key.hashCode())
        .at(START)
        .resource(Resource.ID, "r", "k", key)
        .build();
  }

  private static TriggerRuntime start(Declaration... declarations) {
    return new TriggerRuntime(List.of(declarations), RuntimeSettings.DEFAULT, START);
  }

  private static List<String> offer(TriggerRuntime runtime, String name, String key) {
    return runtime.offer(event(name, key), START).evicted().stream()
        .map(each -> each.automation() + " " + each.labels().get("k"))
        .toList();
  }

  @Test
  void theTriggerThatTakesMostLosesItsOldestKeys() {
    TriggerRuntime runtime = start(counting("small", "s"), counting("large", "l"));
    runtime.configure(RuntimeSettings.DEFAULT, 100_000, START);
    assertThat(offer(runtime, "s", "first")).isEmpty();
    List<String> evicted = new ArrayList<>();
    for (int i = 10; i < 30; i++) {
      evicted.addAll(offer(runtime, "l", i + LONG));
    }
    assertThat(evicted).startsWith("large 10" + LONG, "large 11" + LONG);
    assertThat(runtime.keys("large")).isEqualTo(20 - evicted.size()).isBetween(8, 9);
    assertThat(runtime.keys("small")).isEqualTo(1);
  }

  @Test
  void amongEqualsItIsTheOneDeclaredFirst() {
    Declaration[] all = new Declaration[20];
    for (int i = 0; i < all.length; i++) {
      all[i] = counting("a" + (10 + i), "*");
    }
    TriggerRuntime runtime = start(all);
    runtime.configure(RuntimeSettings.DEFAULT, 100_000, START);
    Step step = runtime.offer(event("x", LONG), START);
    assertThat(step.evicted().stream().map(Step.Eviction::automation))
        .hasSizeBetween(11, 12)
        .startsWith("a10", "a11")
        .isSorted();
    assertThat(runtime.keys()).isEqualTo(20 - step.evictedKeys());
  }

  @Test
  void aKeyLargerThanTheBoundIsNotKept() {
    TriggerRuntime runtime = start(counting("a", "x"));
    runtime.configure(RuntimeSettings.DEFAULT, 5_000, START);
    assertThat(offer(runtime, "x", LONG)).containsExactly("a " + LONG);
    assertThat(offer(runtime, "x", "short")).isEmpty();
    assertThat(runtime.keys()).isEqualTo(1);
  }

  @Test
  void aSmallerBoundEvictsAtOnceAndListsTheFirstOfEachAutomation() {
    TriggerRuntime runtime = start(counting("a", "x"), counting("b", "x"));
    for (int i = 0; i < 3_000; i++) {
      runtime.offer(event("x", "key-" + i), START);
    }
    Step step = runtime.configure(RuntimeSettings.DEFAULT, 10_000, START);
    assertThat(step.evictedKeys()).isBetween(5_800, 5_990);
    assertThat(step.evicted()).hasSizeBetween(1_000, 1_001);
    Set<String> firsts = new LinkedHashSet<>();
    step.evicted().forEach(each -> firsts.add(each.automation()));
    assertThat(firsts).containsExactly("a", "b");
    assertThat(runtime.keys()).isEqualTo(6_000 - step.evictedKeys());
    assertThat(runtime.checkpoint().maxStateBytes()).isEqualTo(10_000);
  }

  @Test
  void whatHasLapsedIsDroppedBeforeAKeyIsEvicted() {
    TriggerRuntime runtime = start(counting("a", "x"), counting("b", "y"));
    runtime.configure(RuntimeSettings.DEFAULT, 100_000, START);
    for (int i = 10; i < 18; i++) {
      assertThat(offer(runtime, "x", i + LONG)).isEmpty();
    }
    Instant later = START.plus(Duration.ofDays(1));
    for (int i = 10; i < 18; i++) {
      Event next =
          Events.named("y").id("y" + i).at(later).resource(Resource.ID, "r", "k", i + LONG).build();
      assertThat(runtime.offer(next, later).evicted()).isEmpty();
    }
    assertThat(runtime.keys("b")).isEqualTo(8);
  }

  @Test
  void waitingEventsAreEvaluatedAloneBeyondTheirPart() {
    TriggerRuntime runtime = start(counting("a", "x"));
    runtime.configure(RuntimeSettings.DEFAULT, 100_000, START);
    for (int i = 10; i < 20; i++) {
      Event waits =
          Events.named("z")
              .id("z" + i)
              .follows("never")
              .at(START)
              .resource(Resource.ID, "r", "k", i + LONG)
              .build();
      runtime.offer(waits, START);
    }
    assertThat(runtime.checkpoint().waiting())
        .extracting(held -> held.event().id())
        .containsExactly("z18", "z19");
  }

  @Test
  void refusesABoundOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start().configure(RuntimeSettings.DEFAULT, 0, START))
        .withMessage("trigger state must have a positive bound, not 0");
  }
}
