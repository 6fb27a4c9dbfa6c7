package dev.tocsin.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a trigger refuses: every broken rule, by field, with the bound and the value. */
public class TriggerTest {

  private static final EventTrigger CHILD =
      EventTrigger.reactive().expect("x").forEach("k", "zone").build();
  private static final String OF_NOTHING =
      "match is empty, as are match_related, expect and where: the trigger would match every event,"
          + " including the engine's own; set match_all: true if intended";

  public static Posture.Proactive proactive() {
    return proactive(Duration.ZERO, null, List.of(), Posture.Proactive.DEFAULT_FORGET_AFTER);
  }

  private static Posture.Proactive proactive(
      Duration lateness, @Nullable Duration repeat, List<BucketingKey> roster, Duration forget) {
    return new Posture.Proactive(lateness, OnBlind.EXTEND, repeat, roster, forget);
  }

  @Test
  void thresholdHasBounds() {
    assertThat(violations(valid().threshold(0)))
        .containsExactly("threshold must be 1 to 100000, not 0");
    assertThat(violations(valid().threshold(100_001)))
        .containsExactly("threshold must be 1 to 100000, not 100001");
    assertThat(valid().threshold(100_000).build().threshold()).isEqualTo(100_000);
  }

  @Test
  void maxKeysHasABound() {
    assertThat(violations(valid().maxKeys(0))).containsExactly("max_keys must be 1 or more, not 0");
    assertThat(valid().build().maxKeys()).isEqualTo(1_000_000);
  }

  @Test
  void withinHasBounds() {
    assertThat(violations(valid().within(Duration.ofSeconds(-1))))
        .containsExactly("within must be 0 to 3,660 days, not -1s");
    assertThat(violations(valid().within(Duration.ofNanos(-1))))
        .containsExactly("within must be 0 to 3,660 days, not -0.000000001s");
    assertThat(violations(valid().within(Duration.ofDays(3_660).plusNanos(1))))
        .containsExactly("within must be 0 to 3,660 days, not 3660d0.000000001s");
    assertThat(valid().within(Duration.ofDays(3_660)).build().within()).hasDays(3_660);
  }

  /** Time goes by microseconds: less is none, and would let each event count for itself. */
  @Test
  void withinIsCutToTheMicrosecond() {
    assertThat(valid().within(Duration.ofNanos(1_999)).build().within())
        .isEqualTo(Duration.ofNanos(1_000));
    assertThat(violations(valid().within(Duration.ofNanos(999)).threshold(2)))
        .containsExactly(
            "within must be more than 0 for a threshold of 2: without a window each event counts"
                + " alone");
  }

  @Test
  void aThresholdNeedsAWindow() {
    assertThat(violations(valid().within(Duration.ZERO).threshold(3)))
        .containsExactly(
            "within must be more than 0 for a threshold of 3: without a window each event counts"
                + " alone");
    assertThat(valid().within(Duration.ZERO).after("go").threshold(3).build().threshold())
        .isEqualTo(3);
  }

  @Test
  void withoutWithinNoPatternStandsInBothAfterAndExpect() {
    assertThat(violations(valid().within(Duration.ZERO).after("y", "x*").expect("x*", "y")))
        .containsExactly(
            "after contains 'x*', which is in expect too; then within must be more than 0",
            "after contains 'y', which is in expect too; then within must be more than 0");
    assertThat(valid().after("x").expect("x").build().after()).hasSize(1);
  }

  @Test
  void whatAsksForNothingSaysSo() {
    assertThat(violations(EventTrigger.reactive())).containsExactly(OF_NOTHING);
    assertThat(
            violations(
                EventTrigger.reactive()
                    .after("x")
                    .matchRelated(List.of(ResourceSpecification.ANY))))
        .containsExactly(OF_NOTHING);
    assertThat(violations(EventTrigger.of(proactive()))).containsExactly(OF_NOTHING);
    assertThat(EventTrigger.reactive().matchAll(true).build().matchAll()).isTrue();
    assertThat(EventTrigger.reactive().where(Conditions.longId()).build().where()).isNotNull();
    assertThat(EventTrigger.reactive().expect("*").build().expect()).hasSize(1);
  }

  @Test
  void aProactiveTriggerHasItsOwnRules() {
    Duration negative = Duration.ofSeconds(-1);
    assertThat(
            violations(
                EventTrigger.of(
                        proactive(
                            negative,
                            Duration.ofMillis(999),
                            List.of(new BucketingKey(List.of("v", "w"))),
                            Duration.ofDays(3_661)))
                    .expect("x")
                    .after("go")
                    .forEach("k")
                    .within(Duration.ofMillis(999))))
        .containsExactly(
            "within must be at least 1s for a Proactive trigger, not 0.999s",
            "lateness must be 0 to 3,660 days, not -1s",
            "forget_after must be 0 to 3,660 days, not 3661d",
            "repeat must be never or at least 1 s, not 0.999s",
            "roster requires for_each, and a trigger without after",
            "roster key [v, w] must have one value for each of [k]");
    assertThat(EventTrigger.of(proactive()).expect("x").build().within())
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void allIsSaidAtOnce() {
    assertThat(
            violations(
                EventTrigger.reactive().threshold(0).maxKeys(-1).within(Duration.ofSeconds(-1))))
        .containsExactly(
            "threshold must be 1 to 100000, not 0",
            "max_keys must be 1 or more, not -1",
            "within must be 0 to 3,660 days, not -1s",
            OF_NOTHING);
    assertThatThrownBy(() -> valid().threshold(0).maxKeys(0).build())
        .hasMessage("threshold must be 1 to 100000, not 0; max_keys must be 1 or more, not 0");
  }

  @Test
  void patternsAndReferencesAreDistinctAndInOrder() {
    EventTrigger trigger =
        valid().expect("b", "\uFFFD", "😀", "a", "b").forEach("zone", "k", "zone").build();
    assertThat(trigger.expect())
        .extracting(Pattern::text)
        .containsExactly("a", "b", "\uFFFD", "😀");
    assertThat(EventTrigger.texts(trigger.forEach())).containsExactly("k", "zone");
  }

  @Test
  void aCompositeHasBounds() {
    assertThat(
            violations(
                () ->
                    new CompoundTrigger(
                        List.of(CHILD, CHILD), 3, Duration.ofSeconds(-1), List.of(), 0)))
        .containsExactly(
            "within must be 0 to 3,660 days, not -1s",
            "max_keys must be 1 or more, not 0",
            "require must be any, all or 1 to 2 (its triggers), not 3");
    assertThat(violations(() -> new CompoundTrigger(List.of(CHILD), 0, null, List.of(), 1)))
        .containsExactly("require must be any, all or 1 to 1 (its triggers), not 0");
    assertThat(violations(() -> new CompoundTrigger(List.of(), 1, null, List.of(), 1)))
        .containsExactly("triggers must contain at least one trigger");
    assertThat(violations(() -> new SequenceTrigger(List.of(), null, List.of(), 1)))
        .containsExactly("triggers must contain at least one trigger");
  }

  @Test
  void theChildrenOfACompositeIncludeItsReferences() {
    List<LabelReference> references = List.of(LabelReference.parse("zone"));
    EventTrigger other = EventTrigger.reactive().expect("x").forEach("k").build();
    assertThat(new CompoundTrigger(List.of(CHILD), 1, null, references, 1).forEach()).hasSize(1);
    assertThat(violations(() -> new SequenceTrigger(List.of(CHILD, other), null, references, 1)))
        .containsExactly(
            "triggers[1].for_each must include those of the composite: expected [zone], found [k]");
  }

  private static EventTriggerBuilder valid() {
    return EventTrigger.reactive().expect("x").within(Duration.ofSeconds(10));
  }

  private static List<String> violations(EventTriggerBuilder builder) {
    return violations(builder::build);
  }

  private static List<String> violations(ThrowingCallable made) {
    return catchThrowableOfType(InvalidTriggerException.class, made).violations().stream()
        .map(Violation::toString)
        .toList();
  }
}
