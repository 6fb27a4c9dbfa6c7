package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.TriggerTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Events that follow others. Each event that is evaluated fires. */
class HeldEventsTest {

  private static final Instant START = Traces.START;
  private static final List<Declaration> EACH =
      List.of(new Declaration("a", EventTrigger.reactive().expect("x").build(), true));

  private final List<String> evaluated = new ArrayList<>();
  private TriggerRuntime runtime = new TriggerRuntime(EACH, RuntimeSettings.DEFAULT, START);

  @Test
  void oneWhoseLeaderIsKnownGoesOnAtOnce() {
    offer("a", null, 0);
    offer("b", "a", 1);
    assertThat(evaluated).containsExactly("a@0", "b@1");
    assertThat(runtime.nextDeadline()).isNull();
  }

  @Test
  void oneThatComesTooEarlyIsEvaluatedRightAfterItsLeader() {
    offer("b", "a", 1);
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(11));
    offer("other", null, 2);
    offer("a", null, 3);
    assertThat(evaluated).containsExactly("other@2", "a@3", "b@3");
    assertThat(runtime.nextDeadline()).isNull();
  }

  @Test
  void patienceEndsWithTheClockOfThatMoment() {
    offer("b", "a", 1);
    advance(11, -1);
    assertThat(evaluated).isEmpty();
    advance(60, 0);
    assertThat(evaluated).containsExactly("b@11");
    offer("a", null, 61);
    assertThat(evaluated).containsExactly("b@11", "a@61");
  }

  @Test
  void patienceThatEndsAtTheReceiptOfTheLeaderHasEnded() {
    offer("b", "a", 1);
    offer("a", null, 11);
    assertThat(evaluated).containsExactly("b@11", "a@11");
  }

  @Test
  void withoutPatienceNoneWaits() {
    runtime = runtime(Duration.ZERO, Duration.ofHours(1), 10);
    offer("b", "a", 1);
    assertThat(evaluated).containsExactly("b@1");
  }

  @Test
  void followersOfOneGoInTheOrderTheyOccurredThenArrived() {
    offer("late", "a", 9, 1);
    offer("first", "a", 2, 2);
    offer("second", "a", 2, 3);
    offer("early", "a", 1, 4);
    offer("a", null, 5);
    assertThat(evaluated).containsExactly("a@5", "early@5", "first@5", "second@5", "late@5");
  }

  @Test
  void aFollowersFollowersGoBeforeItsSiblings() {
    offer("c", "b", 0, 1);
    offer("sibling", "a", 2, 1);
    offer("b", "a", 1, 1);
    offer("a", null, 2);
    assertThat(evaluated).containsExactly("a@2", "b@2", "c@2", "sibling@2");
  }

  @Test
  void aChainFallsInOrderWhateverTheOrderOfItsArrival() {
    List<Integer> links = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    Collections.shuffle(links, new Random(7));
    for (int link : links) {
      offer("e" + link, "e" + (link - 1), 0, 0);
    }
    offer("e0", null, 1);
    assertThat(ids())
        .containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9", "e10");
  }

  @Test
  void linksDeeperThanTwentyGoOnInOrderOfReceipt() {
    for (int link = 23; link >= 1; link--) {
      offer("e" + link, "e" + (link - 1), 0, 0);
    }
    offer("e0", null, 1);
    assertThat(ids()).hasSize(24).endsWith("e19", "e20", "e23", "e22", "e21");
    assertThat(runtime.nextDeadline()).isNull();
  }

  @Test
  void aChainOfTenThousandEndsWell() {
    for (int link = 10_000; link >= 1; link--) {
      offer("e" + link, "e" + (link - 1), 0, 0);
    }
    offer("e0", null, 1);
    assertThat(ids()).hasSize(10_001).doesNotHaveDuplicates().startsWith("e0", "e1");
    assertThat(ids().subList(21, 23)).containsExactly("e10000", "e9999");
  }

  @Test
  void aCycleEndsWithThePatienceOfTheFirst() {
    offer("a", "b", 1);
    offer("b", "a", 2);
    offer("self", "self", 3);
    advance(100, 0);
    assertThat(evaluated).containsExactly("a@11", "b@11", "self@13");
  }

  @Test
  void whatIsForgottenIsWaitedForAgain() {
    runtime = runtime(Duration.ofSeconds(10), Duration.ofSeconds(60), 100);
    offer("a", null, 0);
    offer("b", "a", 59);
    offer("c", "a", 60);
    assertThat(evaluated).containsExactly("a@0", "b@59");
    advance(70, 0);
    assertThat(evaluated).containsExactly("a@0", "b@59", "c@70");
  }

  @Test
  void onlyTheLastIdsAreKnown() {
    runtime = runtime(Duration.ofSeconds(10), Duration.ofHours(1), 2);
    offer("a", null, 0);
    offer("b", null, 0);
    offer("c", null, 0);
    offer("after b", "b", 1);
    offer("after a", "a", 1);
    assertThat(ids()).containsExactly("a", "b", "c", "after b");
    assertThat(Rows.evaluated(runtime.checkpoint())).hasSize(2);
  }

  @Test
  void ofTooManyTheOneThatHasWaitedLongestGoesOnAlone() {
    for (int i = 0; i <= HeldEvents.MAX_WAITING; i++) {
      offer("e" + i, "none", 0, 0);
    }
    assertThat(evaluated).containsExactly("e0@0");
    assertThat(runtime.checkpoint().waiting()).hasSize(HeldEvents.MAX_WAITING);
  }

  @Test
  void ofTooLargeOnesTheOneThatHasWaitedLongestGoesOnAlone() {
    byte[] large = new byte[16 << 20];
    Arrays.fill(large, (byte) ' ');
    for (int i = 0; i < 5; i++) {
      Event event =
          new Event(
              "e" + i,
              START,
              "x",
              Resource.of(Resource.ID, "r"),
              List.of(),
              Payload.ofJson(large),
              "none",
              START,
              null);
      note(runtime.offer(event, START));
    }
    assertThat(ids()).containsExactly("e0", "e1");
  }

  @Test
  void aDeadlineThatIsDueWhenPatienceEndsIsEvaluatedFirst() {
    EventTrigger watch =
        EventTrigger.of(TriggerTest.proactive()).expect("x").within(Duration.ofSeconds(10)).build();
    runtime =
        new TriggerRuntime(
            List.of(new Declaration("watch", watch, true)), RuntimeSettings.DEFAULT, START);
    runtime.offer(event("b", "a", 0), START);
    Step step = runtime.advanceTo(START.plusSeconds(10));
    assertThat(step.firings()).hasSize(1).first().extracting(Firing::event).isNull();
    assertThat(step.observations())
        .extracting(Step.Observation::outcome)
        .containsExactly(Outcome.COUNTED);
  }

  @Test
  void whatWaitsAndWhatIsKnownOutlivesARestart() {
    offer("a", null, 0);
    offer("c", "b", 5);
    Checkpoint checkpoint = runtime.checkpoint();
    runtime = TriggerRuntime.restore(EACH, RuntimeSettings.DEFAULT, checkpoint);
    assertThat(runtime.checkpoint()).isEqualTo(checkpoint);
    assertThat(runtime.nextDeadline()).isEqualTo(START.plusSeconds(15));
    offer("after a", "a", 6);
    offer("b", null, 7);
    assertThat(evaluated).containsExactly("a@0", "after a@6", "b@7", "c@7");
  }

  @Test
  void whatWaitsIsEvaluatedByTheTriggersOfThen() {
    offer("b", "a", 0);
    runtime.setActive("a", false, START.plusSeconds(5));
    advance(10, 0);
    assertThat(evaluated).isEmpty();
    assertThat(Rows.evaluated(runtime.checkpoint())).containsExactly(START.plusSeconds(10));
    runtime.setActive("a", true, START.plusSeconds(11));
    offer("after b", "b", 11);
    assertThat(ids()).containsExactly("after b");
  }

  private static TriggerRuntime runtime(Duration patience, Duration memory, int most) {
    return new TriggerRuntime(
        EACH, new RuntimeSettings(Duration.ofMinutes(15), 20, patience, memory, most), START);
  }

  private List<String> ids() {
    return evaluated.stream().map(line -> line.substring(0, line.indexOf('@'))).toList();
  }

  private void offer(String id, @Nullable String follows, int received) {
    offer(id, follows, received, received);
  }

  private void offer(String id, @Nullable String follows, int occurred, int received) {
    note(runtime.offer(event(id, follows, occurred), START.plusSeconds(received)));
  }

  private void advance(int second, int micros) {
    note(runtime.advanceTo(START.plusSeconds(second).plusNanos(micros * 1_000L)));
  }

  /** Writes down which events were evaluated, and at which second, as the runtime remembers it. */
  private void note(Step step) {
    if (step.firings().isEmpty()) {
      return;
    }
    Rows rows = Rows.of(runtime.checkpoint());
    for (Firing firing : step.firings()) {
      Instant clock = rows.evaluated(String.valueOf(firing.event()));
      evaluated.add(firing.event() + "@" + Duration.between(START, clock).toSeconds());
    }
  }

  private static Event event(String id, @Nullable String follows, int occurred) {
    return Events.named("x").id(id).at(Duration.ofSeconds(occurred)).follows(follows).build();
  }
}
