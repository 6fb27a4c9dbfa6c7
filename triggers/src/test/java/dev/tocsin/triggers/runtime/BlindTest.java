package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.EventTriggerBuilder;
import dev.tocsin.triggers.Events;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.SequenceTrigger;
import dev.tocsin.triggers.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a firing, an observation and a checkpoint say of blind intervals; windows are of 10 s. */
class BlindTest {

  @Test
  void aFiringSaysByHowMuchItsWindowWasExtended() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    runtime.blind(at(2), at(4));
    runtime.blind(at(7), at(8));
    Firing firing = runtime.advanceTo(at(99)).firings().getFirst();
    assertThat(firing.triggered()).isEqualTo(at(13));
    assertThat(firing.reason())
        .isEqualTo(
            new Reason.Absent(
                0,
                1,
                at(13),
                Duration.ofSeconds(10),
                null,
                new Reason.BlindSpan(at(2), at(8), Duration.ofSeconds(3), true)))
        .extracting(Reason::sentence)
        .isEqualTo(
            "0 of 1 expected event in the 10s before 2026-01-01T00:00:13Z; the engine could not"
                + " see for 3s between 2026-01-01T00:00:02Z and 2026-01-01T00:00:08Z, by which"
                + " the window was extended.");
  }

  @Test
  void aFiringWithItsOwnDeadlineIsMarked() {
    TriggerRuntime runtime = runtime(watch(OnBlind.FIRE, Duration.ofSeconds(5)));
    runtime.blind(at(7), at(18));
    List<Firing> firings = runtime.advanceTo(at(30)).firings();
    assertThat(firings.stream().map(Firing::reason))
        .containsExactly(
            absent(10, null, new Reason.BlindSpan(at(7), at(10), Duration.ofSeconds(3), false)),
            absent(15, at(10), new Reason.BlindSpan(at(7), at(15), Duration.ofSeconds(8), false)),
            absent(20, at(10), new Reason.BlindSpan(at(10), at(18), Duration.ofSeconds(8), false)),
            absent(25, at(10), new Reason.BlindSpan(at(15), at(18), Duration.ofSeconds(3), false)),
            absent(30, at(10), null));
    assertThat(firings.getFirst().reason().sentence())
        .endsWith(
            "; the engine could not see for 3s between 2026-01-01T00:00:07Z and"
                + " 2026-01-01T00:00:10Z.");
  }

  @Test
  void anObservationSaysThatNothingFires() {
    TriggerRuntime runtime = runtime(watch(OnBlind.SUPPRESS, null));
    runtime.blind(at(2), at(5));
    Step step = runtime.advanceTo(at(12));
    assertThat(step.firings()).isEmpty();
    Step.Observation observation = step.observations().getFirst();
    assertThat(step.observations()).hasSize(1);
    assertThat(observation.outcome()).isEqualTo(Outcome.SUPPRESSED);
    assertThat(((FiringProgress.Complete) observation.progress()).reason().sentence())
        .isEqualTo(
            "0 of 1 expected event in the 10s before 2026-01-01T00:00:10Z; the engine could not see"
                + " for 3s between 2026-01-01T00:00:02Z and 2026-01-01T00:00:05Z.");
  }

  @Test
  void aFiringThatMovedHasTheIdOfItsDeadline() {
    TriggerRuntime moved = runtime(watch(OnBlind.EXTEND, null));
    moved.blind(at(2), at(5));
    TriggerRuntime held = runtime(watch(OnBlind.FIRE, null));
    held.blind(at(2), at(50));
    TriggerRuntime seen = runtime(watch(OnBlind.FIRE, null));
    String own = seen.advanceTo(at(10)).firings().getFirst().id();
    assertThat(held.advanceTo(at(50)).firings().getFirst().id()).isEqualTo(own);
    assertThat(moved.advanceTo(at(50)).firings().getFirst().id()).isNotEqualTo(own);
  }

  @Test
  void standsWhereItBeginsOrAtTheClock() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    assertThat(runtime.blind(at(11), at(12)).firings()).hasSize(1);
    assertThat(runtime.clock()).isEqualTo(at(11));
    runtime.blind(at(3), at(20));
    assertThat(runtime.clock()).isEqualTo(at(11));
    assertThat(runtime.checkpoint().blind())
        .containsExactly(new Checkpoint.BlindRange(at(3), at(20)));
  }

  @Test
  void saysWhenTheNextDeadlineIsDueOnceItHasMoved() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    runtime.blind(at(2), at(5));
    assertThat(runtime.nextDeadline()).isEqualTo(at(13));
    runtime.blind(at(4), at(6));
    assertThat(runtime.nextDeadline()).isEqualTo(at(14));
    runtime.blind(at(13), at(20));
    assertThat(runtime.nextDeadline()).isEqualTo(at(21));
  }

  @Test
  void intervalsThatOverlapOrTouchAreOne() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    runtime.blind(at(10), at(20));
    runtime.blind(at(40), at(50));
    runtime.blind(at(60), at(70));
    runtime.blind(at(20), at(25));
    runtime.blind(at(35), at(45));
    runtime.blind(at(55), at(65));
    runtime.blind(at(80), at(90));
    runtime.blind(at(81), at(82));
    assertThat(runtime.checkpoint().blind())
        .containsExactly(
            new Checkpoint.BlindRange(at(10), at(25)),
            new Checkpoint.BlindRange(at(35), at(50)),
            new Checkpoint.BlindRange(at(55), at(70)),
            new Checkpoint.BlindRange(at(80), at(90)));
  }

  @Test
  void theOldestOfManyAreForgottenByAllAlike() {
    EventTrigger trigger = watch(OnBlind.EXTEND, null).within(Duration.ofHours(1)).build();
    TriggerRuntime runtime = runtime(trigger);
    runtime.blind(at(2), at(5));
    assertThat(runtime.nextDeadline()).isEqualTo(at(3_603));
    for (int i = 0; i < Blindness.MAX; i++) {
      runtime.blind(at(10 + 2 * i), at(11 + 2 * i));
    }
    assertThat(runtime.checkpoint().blind())
        .hasSize(Blindness.MAX)
        .startsWith(new Checkpoint.BlindRange(at(10), at(11)));
    assertThat(runtime.nextDeadline()).isEqualTo(at(4_600));
    TriggerRuntime restored =
        TriggerRuntime.restore(
            List.of(new Declaration("a", trigger, true)),
            RuntimeSettings.DEFAULT,
            runtime.checkpoint());
    assertThat(restored.nextDeadline()).isEqualTo(at(4_600));
    assertThat(restored.advanceTo(at(4_600))).isEqualTo(runtime.advanceTo(at(4_600)));
  }

  @Test
  void whatIsHeldGoesWithItsAutomation() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    runtime.blind(at(2), at(5));
    assertThat(runtime.nextDeadline()).isNotNull();
    runtime.setActive("a", false, at(6));
    assertThat(runtime.nextDeadline()).isNull();
  }

  @Test
  void anAbsenceInACompositeMovesToo() {
    EventTrigger alarm = EventTrigger.reactive().expect("alarm").build();
    TriggerRuntime runtime =
        runtime(
            new SequenceTrigger(
                List.of(alarm, watch(OnBlind.EXTEND, null).build()),
                Duration.ofSeconds(12),
                List.of(),
                10));
    runtime.offer(Events.named("alarm").at(at(1)).build(), at(1));
    runtime.blind(at(2), at(5));
    List<Firing> fired = new ArrayList<>(runtime.advanceTo(at(12)).firings());
    assertThat(fired).isEmpty();
    fired.addAll(runtime.advanceTo(at(13)).firings());
    assertThat(fired.stream().map(Firing::triggered)).containsExactly(at(13));
  }

  @Test
  void refusesAnIntervalWithoutLength() {
    TriggerRuntime runtime = runtime(watch(OnBlind.EXTEND, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.blind(at(2), at(2).plusNanos(999)))
        .withMessage(
            "a blind interval from 2026-01-01T00:00:02Z cannot end at"
                + " 2026-01-01T00:00:02.000000999Z");
  }

  private static Reason absent(
      long deadline, @Nullable Instant since, Reason.@Nullable BlindSpan blind) {
    return new Reason.Absent(0, 1, at(deadline), Duration.ofSeconds(10), since, blind);
  }

  private static EventTriggerBuilder watch(OnBlind onBlind, @Nullable Duration repeat) {
    return EventTrigger.of(
            new Posture.Proactive(
                Duration.ZERO, onBlind, repeat, List.of(), Posture.Proactive.DEFAULT_FORGET_AFTER))
        .expect("x")
        .within(Duration.ofSeconds(10));
  }

  private static TriggerRuntime runtime(EventTriggerBuilder trigger) {
    return runtime(trigger.build());
  }

  private static TriggerRuntime runtime(Trigger trigger) {
    return new TriggerRuntime(
        List.of(new Declaration("a", trigger, true)), RuntimeSettings.DEFAULT, at(0));
  }

  private static Instant at(long second) {
    return Traces.START.plusSeconds(second);
  }
}
