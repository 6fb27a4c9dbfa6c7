package dev.tocsin.triggers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What must be the same in every process and version: ids, fingerprints, orders. */
class IdentityTest {

  private static final EventTrigger X = base().build();

  @Test
  void derivedIdsAreStable() {
    assertThat(DerivedId.of("firing", "a", "b")).isEqualTo("83ccd471-b387-8e3b-8fc9-267d7c65a35e");
    UUID id = UUID.fromString(DerivedId.of("firing"));
    assertThat(id.version()).isEqualTo(8);
    assertThat(id.variant()).isEqualTo(2);
  }

  @Test
  void partsDoNotRunIntoOneAnother() {
    assertThat(
            List.of(
                DerivedId.of("k"),
                DerivedId.of("k", ""),
                DerivedId.of("k", "", ""),
                DerivedId.of("k", "ab"),
                DerivedId.of("k", "a", "b"),
                DerivedId.of("ka", "b"),
                DerivedId.of("k", "\0\0\0\1a"),
                DerivedId.of("", "k")))
        .doesNotHaveDuplicates();
  }

  /** State in a store is found by these: whoever changes them raises the version in them. */
  @Test
  void meaningsAreStable() {
    assertThat(X.meaning()).isEqualTo("ddbb8af6-aac3-8ebf-a8e6-c9b43c777ef6");
    assertThat(full().build().meaning()).isEqualTo("6a0bb6fa-ab5a-889c-b888-2b0a48f92863");
    assertThat(EventTrigger.of(proactive(null)).expect("x").build().meaning())
        .isEqualTo("d61e69de-5d5c-8a50-a7de-7ea63fe2f074");
    assertThat(compound(1, null, X).meaning()).isEqualTo("c8caa8e0-895c-81c4-91c2-1102d427b07d");
    assertThat(sequence(Duration.ofSeconds(5), X).meaning())
        .isEqualTo("b8741de2-8781-8fc3-854b-54c7e7948212");
  }

  @Test
  void whatMeansTheSameHasOneFingerprint() {
    assertThat(base().maxKeys(7).matchAll(true).build().meaning()).isEqualTo(X.meaning());
    assertThat(base().expect("x", "x").build().meaning()).isEqualTo(X.meaning());
    assertThat(base().matchRelated(List.of(ResourceSpecification.ANY)).build().meaning())
        .isEqualTo(X.meaning());
    assertThat(base().expect("x", "y").build().meaning())
        .isEqualTo(base().expect("y", "x").build().meaning());
    assertThat(base().forEach("k", "zone").build().meaning())
        .isEqualTo(base().forEach("zone", "k").build().meaning());
    ResourceSpecification k = ResourceSpecification.of("k", "v");
    ResourceSpecification zone = ResourceSpecification.of("zone", "v");
    assertThat(base().matchRelated(List.of(k, zone)).build().meaning())
        .isEqualTo(base().matchRelated(List.of(zone, k, zone)).build().meaning());
    assertThat(base().match(alternatives("v", "w")).build().meaning())
        .isEqualTo(base().match(alternatives("w", "v", "w")).build().meaning());
    Map<String, List<Pattern>> reordered = new LinkedHashMap<>();
    reordered.put("zone", List.of(Pattern.of("b")));
    reordered.put("k", List.of(Pattern.of("a")));
    assertThat(base().match(new ResourceSpecification(reordered)).build().meaning())
        .isEqualTo(base().match(ResourceSpecification.of("k", "a", "zone", "b")).build().meaning());
  }

  @Test
  void whatMeansSomethingElseHasAnother() {
    ResourceSpecification k = ResourceSpecification.of("k", "v");
    ResourceSpecification zone = ResourceSpecification.of("zone", "v");
    ResourceSpecification both = ResourceSpecification.of("k", "v", "zone", "v");
    List<Trigger> triggers =
        List.of(
            X,
            full().build(),
            base().expect("y").build(),
            base().expect("x", "y").build(),
            base().expect("x").after("y").build(),
            base().expect("y").after("x").build(),
            base().expect("x,y").build(),
            base().expect("!x").build(),
            base().threshold(2).build(),
            base().within(Duration.ofSeconds(11)).build(),
            base().within(Duration.ofSeconds(10).plusNanos(1_000)).build(),
            base().forEach("k").build(),
            base().forEach("k", "zone").build(),
            base().forEach("related:k:zone").build(),
            base().where(Conditions.longId()).build(),
            base().where(Conditions.of("true", _ -> new Condition.Truth.Holds())).build(),
            base().match(k).build(),
            base().match(zone).build(),
            base().match(both).build(),
            base().match(ResourceSpecification.of("v", "k")).build(),
            base().match(alternatives("v", "w")).build(),
            base().matchRelated(List.of(k)).build(),
            base().matchRelated(List.of(k, zone)).build(),
            base().matchRelated(List.of(both)).build(),
            base().match(k).matchRelated(List.of(zone)).build(),
            base().match(zone).matchRelated(List.of(k)).build(),
            EventTrigger.of(proactive(null)).expect("x").build(),
            EventTrigger.of(proactive(Duration.ofSeconds(10))).expect("x").build(),
            EventTrigger.of(proactive(null)).forEach("k").expect("x").build(),
            EventTrigger.of(roster("v")).forEach("k").expect("x").build(),
            EventTrigger.of(roster("v", "w")).forEach("k").expect("x").build(),
            EventTrigger.of(roster("w", "v")).forEach("k").expect("x").build(),
            compound(1, null, X),
            compound(1, Duration.ZERO, X),
            compound(1, null, X, X),
            compound(2, null, X, X),
            compound(1, null, compound(1, null, X), X),
            compound(1, null, compound(1, null, X, X)),
            sequence(null, X),
            sequence(Duration.ZERO, X),
            sequence(null, X, full().build()),
            sequence(null, full().build(), X));
    assertThat(triggers.stream().map(Trigger::meaning).toList()).doesNotHaveDuplicates();
  }

  @Test
  void textIsOrderedByCodePoints() {
    List<String> ascending =
        List.of(
            "",
            "A",
            "a",
            "a\uD83D\uDE00",
            "b",
            "\uD7FF",
            "\uE000",
            "\uFFFF",
            "\uD800\uDC00",
            "\uD83D\uDE00",
            "\uD83D\uDE00a",
            "\uD83D\uDE01",
            "\uDBFF\uDFFF");
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        assertThat(Integer.signum(CodePoints.ORDER.compare(ascending.get(i), ascending.get(j))))
            .as("%s and %s", i, j)
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  /** UTF-8 keeps the order of code points. */
  @Test
  void theOrderIsThatOfUtf8() {
    Trials.run(
        20_000,
        random -> {
          String left = text(random.ints(3, 0, 4).toArray());
          String right = text(random.ints(3, 0, 4).toArray());
          assertThat(Integer.signum(CodePoints.ORDER.compare(left, right)))
              .isEqualTo(
                  Integer.signum(
                      Arrays.compareUnsigned(
                          left.getBytes(StandardCharsets.UTF_8),
                          right.getBytes(StandardCharsets.UTF_8))));
        });
  }

  private static String text(int... picks) {
    int[] points = {'a', 0xFFFD, 0x1F600, 0x10FFFF};
    StringBuilder text = new StringBuilder();
    for (int pick : picks) {
      text.appendCodePoint(points[pick]);
    }
    return text.toString();
  }

  @Test
  void keysAreOrderedValueByValue() {
    List<BucketingKey> ascending =
        List.of(
            key(), key(""), key("", "b"), key("a"), key("a", "\uFFFD"), key("a", "😀"), key("ab"));
    assertThat(ascending.reversed().stream().sorted()).containsExactlyElementsOf(ascending);
    assertThat(key("a", "b")).isEqualByComparingTo(key("a", "b"));
  }

  private static BucketingKey key(String... values) {
    return new BucketingKey(List.of(values));
  }

  private static EventTriggerBuilder base() {
    return EventTrigger.reactive().expect("x").within(Duration.ofSeconds(10));
  }

  private static EventTriggerBuilder full() {
    return base()
        .match(ResourceSpecification.of("k", "v*", "zone", "!w"))
        .matchRelated(List.of(ResourceSpecification.of("k", "😀")))
        .where(Conditions.longId())
        .after("go")
        .forEach("k", "related:flow:k")
        .threshold(3);
  }

  private static ResourceSpecification alternatives(String... patterns) {
    return new ResourceSpecification(
        Map.of("k", List.of(patterns).stream().map(Pattern::of).toList()));
  }

  private static Posture proactive(@Nullable Duration repeat) {
    return new Posture.Proactive(
        Duration.ZERO, OnBlind.EXTEND, repeat, List.of(), Posture.Proactive.DEFAULT_FORGET_AFTER);
  }

  private static Posture roster(String... keys) {
    return new Posture.Proactive(
        Duration.ZERO,
        OnBlind.EXTEND,
        null,
        List.of(keys).stream().map(IdentityTest::key).toList(),
        Posture.Proactive.DEFAULT_FORGET_AFTER);
  }

  private static Trigger compound(int require, @Nullable Duration within, Trigger... children) {
    return new CompoundTrigger(List.of(children), require, within, List.of(), 1);
  }

  private static Trigger sequence(@Nullable Duration within, Trigger... children) {
    return new SequenceTrigger(List.of(children), within, List.of(), 1);
  }
}
