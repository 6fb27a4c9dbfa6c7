package dev.tocsin.triggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event and its parts are, and what they refuse. */
class EventTest {

  private static final Resource RESOURCE = Resource.of(Resource.ID, "r");

  @Test
  void lengthsAreInCodePoints() {
    assertThat(event("😀".repeat(255), "😀".repeat(1_024), "😀".repeat(255)).id()).hasSize(510);
    refuses(() -> event("", "x", null), "id must have 1 to 255 characters, not 0");
    refuses(() -> event("a".repeat(256), "x", null), "id must have 1 to 255 characters, not 256");
    refuses(() -> event("a", "", null), "event must have 1 to 1024 characters, not 0");
    refuses(
        () -> event("a", "x".repeat(1_025), null),
        "event must have 1 to 1024 characters, not 1025");
    refuses(() -> event("a", "x", ""), "follows must have 1 to 255 characters, not 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0", "\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db"})
  void holdsNoNulAndNoHalfCharacter(String text) {
    refuses(() -> event(text, "x", null), "id holds a NUL or a lone surrogate");
    refuses(() -> event("a", text, null), "event holds a NUL or a lone surrogate");
    refuses(() -> event("a", "x", text), "follows holds a NUL or a lone surrogate");
    refuses(() -> Labels.of("k", text), "a label contains a NUL or a lone surrogate");
    refuses(() -> Labels.of(Map.of(text, "v")), "a label contains a NUL or a lone surrogate");
  }

  @Test
  void timeIsThatOfFourDigitYearsToTheMicrosecond() {
    Instant last = Event.END_OF_TIME.minusNanos(1);
    assertThat(at(last, last).occurred()).isEqualTo(Event.END_OF_TIME.minusNanos(1_000));
    assertThat(at(last, last).received()).isEqualTo(Event.END_OF_TIME.minusNanos(1_000));
    assertThat(at(Event.MIN_OCCURRED, last).occurred()).isEqualTo(Event.MIN_OCCURRED);
    Instant beforeEpoch = Instant.parse("1969-12-31T23:59:59.999999999Z");
    assertThat(at(beforeEpoch, last).occurred()).isEqualTo("1969-12-31T23:59:59.999999Z");
    refuses(
        () -> at(Event.END_OF_TIME, last),
        "occurred must lie in the years 0000 to 9999, not at +10000-01-01T00:00:00Z");
    refuses(
        () -> at(Event.MIN_OCCURRED.minusNanos(1), last),
        "occurred must lie in the years 0000 to 9999, not at -0001-12-31T23:59:59.999999999Z");
    refuses(
        () -> at(last, Event.END_OF_TIME),
        "received must lie in the years 0000 to 9999, not at +10000-01-01T00:00:00Z");
  }

  @Test
  void microsecondsAndInstantsAreTheSameFromEndToEnd() {
    for (Instant instant :
        List.of(
            Event.MIN_OCCURRED,
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.EPOCH,
            Event.END_OF_TIME)) {
      assertThat(Micros.instant(Micros.of(instant))).isEqualTo(instant);
    }
    assertThat(Micros.of(Instant.EPOCH.minusNanos(1))).isEqualTo(-1);
    assertThat(Micros.of(Duration.ofNanos(1_999))).isEqualTo(1);
  }

  @Test
  void aResourceHasAnIdAndARelatedOneARole() {
    String id = "label prefect.resource.id is required and must not be empty";
    String role = "label prefect.resource.role is required and must not be empty";
    refuses(() -> Resource.of("k", "v"), id);
    refuses(() -> Resource.of(Resource.ID, ""), id);
    refuses(() -> RelatedResource.of(RelatedResource.ROLE, "flow"), id);
    refuses(() -> RelatedResource.of(Resource.ID, "r"), role);
    refuses(() -> RelatedResource.of(Resource.ID, "r", RelatedResource.ROLE, ""), role);
    RelatedResource related =
        RelatedResource.of(
            Resource.ID, "r", RelatedResource.ROLE, "flow", Resource.NAME, "nightly");
    assertThat(related.id()).isEqualTo("r");
    assertThat(related.role()).isEqualTo("flow");
    assertThat(related.name()).isEqualTo("nightly");
    assertThat(RESOURCE.name()).isNull();
  }

  @Test
  void labelsAreInOrderAndEachOnce() {
    Labels labels = Labels.of("b", "1", "a", "2");
    assertThat(labels.names()).containsExactly("b", "a");
    assertThat(labels.size()).isEqualTo(2);
    assertThat(labels.get("a")).isEqualTo("2");
    assertThat(labels.get("c")).isNull();
    assertThat(labels.asMap()).hasToString("{b=1, a=2}");
    assertThat(labels)
        .isEqualTo(Labels.of("a", "2", "b", "1"))
        .hasSameHashCodeAs(Labels.of("a", "2", "b", "1"))
        .isNotEqualTo(Labels.of("a", "2"));
    refuses(() -> Labels.of("a"), "labels are pairs of name and value");
    refuses(() -> Labels.of("a", "1", "b", "2", "a", "3"), "label a is a duplicate");
  }

  @Test
  void whatItWasMadeOfMayChange() {
    List<RelatedResource> related = new ArrayList<>();
    Map<String, String> map = new LinkedHashMap<>(Map.of(Resource.ID, "r"));
    String[] flat = {Resource.ID, "r"};
    Event event =
        new Event(
            "e",
            Instant.EPOCH,
            "x",
            new Resource(Labels.of(map)),
            related,
            Payload.EMPTY,
            null,
            Instant.EPOCH,
            null);
    Labels labels = Labels.of(flat);
    related.add(RelatedResource.of(Resource.ID, "r", RelatedResource.ROLE, "flow"));
    map.put(Resource.ID, "s");
    flat[1] = "s";
    assertThat(event.related()).isEmpty();
    assertThat(event.resource().id()).isEqualTo("r");
    assertThat(labels.get(Resource.ID)).isEqualTo("r");
  }

  @Test
  void knowsWhereItsCausalChainBegan() {
    Event outside = Events.named("x").id("e").build();
    Event inside = Events.named("x").id("e").causedBy(3, "first").build();
    assertThat(outside.causalDepth()).isZero();
    assertThat(outside.origin()).isEqualTo("e");
    assertThat(inside.causalDepth()).isEqualTo(3);
    assertThat(inside.origin()).isEqualTo("first");
    refuses(() -> new Causation(0, "e"), "causal depth of a consequence is at least 1, not 0");
  }

  @Test
  void isTheSameButForItsReceipt() {
    Event event = Events.named("x").causedBy(1, "first").build();
    Event later = event.receivedAt(Instant.EPOCH.plusNanos(1_999));
    assertThat(later.received()).isEqualTo(Instant.EPOCH.plusNanos(1_000));
    assertThat(later.receivedAt(event.received())).isEqualTo(event);
  }

  @Test
  void aPayloadIsTheBytesThatCame() {
    Payload payload = Payload.ofJson("{\"a\": \"😀\"}");
    assertThat(payload.size()).isEqualTo(13);
    assertThat(payload).hasToString("{\"a\": \"😀\"}").isEqualTo(Payload.ofJson(payload.json()));
    assertThat(payload)
        .isNotEqualTo(Payload.EMPTY)
        .hasSameHashCodeAs(Payload.ofJson(payload.json()));
  }

  @Test
  void limitsLetSomethingIn() {
    assertThat(EventLimits.DEFAULT)
        .isEqualTo(new EventLimits(500, 100, 1_500_000, Duration.ofHours(1)));
    String message =
        "limits must allow 2 labels, 0 related resources, 100 bytes and no negative future";
    refuses(() -> new EventLimits(1, 0, 100, Duration.ZERO), message);
    refuses(() -> new EventLimits(2, -1, 100, Duration.ZERO), message);
    refuses(() -> new EventLimits(2, 0, 99, Duration.ZERO), message);
    refuses(() -> new EventLimits(2, 0, 100, Duration.ofSeconds(-1)), message);
  }

  @Test
  void aReferenceReadsTheFirstOfARole() {
    Event event =
        Events.named("x")
            .resource(Resource.ID, "r", "k", "1")
            .related(RelatedResource.of(Resource.ID, "a", RelatedResource.ROLE, "a:b"))
            .related(RelatedResource.of(Resource.ID, "b", RelatedResource.ROLE, "a:b", "k", "2"))
            .build();
    assertThat(LabelReference.parse("k").valueIn(event)).isEqualTo("1");
    assertThat(LabelReference.parse("none").valueIn(event)).isEmpty();
    assertThat(LabelReference.parse("related:a:b:prefect.resource.id").valueIn(event))
        .isEqualTo("a");
    assertThat(LabelReference.parse("related:a:b:k").valueIn(event)).isEmpty();
    assertThat(LabelReference.parse("related:none:k").valueIn(event)).isEmpty();
    assertThat(LabelReference.parse("related:a:b:k"))
        .isEqualTo(new LabelReference.Related("a:b", "k"))
        .extracting(LabelReference::text)
        .isEqualTo("related:a:b:k");
    assertThat(LabelReference.parse("related")).isEqualTo(new LabelReference.Primary("related"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"related:", "related:flow", "related::k", "related:flow:", "related::"})
  void aReferenceNamesARoleAndALabel(String text) {
    refuses(() -> LabelReference.parse(text), "must be related:<role>:<label>");
  }

  /** One text is one reference: none can be made that would be read as another. */
  @Test
  void aReferenceReadsAsWritten() {
    refuses(() -> LabelReference.parse(""), "must name a label");
    refuses(() -> new LabelReference.Primary("related:flow:k"), "must not begin with related:");
    refuses(() -> new LabelReference.Related("flow", "a:b"), "must be related:<role>:<label>");
  }

  @Test
  void aSpecificationAsksForPatterns() {
    refuses(() -> new ResourceSpecification(Map.of("k", List.of())), "label k has no pattern");
    ResourceSpecification specification =
        ResourceSpecification.of("\uFFFD", "a", "😀", "b", "k", "!c");
    assertThat(specification.patterns()).hasToString("{k=[!c], \uFFFD=[a], 😀=[b]}");
    assertThat(specification.matches(Labels.of("\uFFFD", "a", "😀", "b"))).isFalse();
    assertThat(specification.matches(Labels.of("\uFFFD", "a", "😀", "b", "k", "c"))).isFalse();
    assertThat(specification.matches(Labels.of("\uFFFD", "a", "😀", "b", "k", "d"))).isTrue();
    assertThat(ResourceSpecification.ANY.matches(Labels.of())).isTrue();
  }

  private static Event event(String id, String name, @Nullable String follows) {
    return new Event(
        id, Instant.EPOCH, name, RESOURCE, List.of(), Payload.EMPTY, follows, Instant.EPOCH, null);
  }

  private static Event at(Instant occurred, Instant received) {
    return new Event("e", occurred, "x", RESOURCE, List.of(), Payload.EMPTY, null, received, null);
  }

  private static void refuses(Runnable making, String message) {
    assertThatIllegalArgumentException().isThrownBy(making::run).withMessage(message);
  }
}
