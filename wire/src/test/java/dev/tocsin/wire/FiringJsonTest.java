package dev.tocsin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Firing;
import dev.tocsin.triggers.Reason;
import dev.tocsin.triggers.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiringJsonTest {

  private static final Instant AT = Instant.parse("2026-11-23T12:00:00.000001Z");

  static Stream<Reason> reasons() {
    return Stream.of(
        new Reason.Matched("a \"quoted\" ☃ name"),
        new Reason.Counted(3, AT, AT.plusSeconds(9), Duration.ofSeconds(60)),
        new Reason.Followed(1, AT, AT.plusNanos(1_000), Duration.ZERO),
        new Reason.Absent(0, 1, AT, Duration.ofSeconds(60), null),
        new Reason.Absent(2, 3, AT, Duration.ofMillis(1_500), AT.minusSeconds(60)),
        new Reason.Absent(
            0,
            1,
            AT,
            Duration.ofSeconds(60),
            null,
            new Reason.BlindSpan(
                AT.minusSeconds(9), AT.minusSeconds(2), Duration.ofSeconds(5), true)),
        new Reason.Returned(AT, AT.plusSeconds(60)),
        new Reason.Children(2, 3, AT, AT.plusSeconds(9), false),
        new Reason.Children(2, 2, AT, AT, true));
  }

  private static Firing firing(
      State state, Reason reason, @Nullable String event, List<Firing.Child> children) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("z", "last comes first");
    labels.put("a", "");
    return new Firing(
        "f-1", "a-1", state, AT, labels, event, children, reason, new Causation(7, "e-0"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void comesBackAsItWas(Reason reason) {
    Firing.Child child = new Firing.Child("f-2", AT, "e-2");
    Firing.Child absence = new Firing.Child("f-3", AT.plusSeconds(1), null);
    for (State state : State.values()) {
      Firing firing = firing(state, reason, null, List.of(child, absence));
      Firing read = FiringJson.read(FiringJson.write(firing));
      assertThat(read).isEqualTo(firing);
      assertThat(read.labels().keySet()).containsExactly("z", "a");
    }
  }

  @Test
  void isOneObject() {
    assertThat(
            FiringJson.write(
                new Firing(
                    "f-1",
                    "a-1",
                    State.TRIGGERED,
                    Instant.parse("2026-11-23T12:00:00Z"),
                    Map.of("prefect.resource.id", "prefect.flow-run.calm-owl"),
                    "e-1",
                    List.of(),
                    new Reason.Matched("prefect.flow-run.Failed"),
                    new Causation(1, "e-1"))))
        .isEqualTo(
            """
            {"id":"f-1","automation":"a-1","state":"Triggered","triggered":"2026-11-23T12:00:00Z",\
            "labels":{"prefect.resource.id":"prefect.flow-run.calm-owl"},"event":"e-1","children":[],\
            "reason":{"type":"matched","event":"prefect.flow-run.Failed"},\
            "causation":{"depth":1,"origin":"e-1"}}\
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"id\":\"f-1\",\"automation\":\"a\",\"state\":\"Lost\",\"triggered\":\"2026-11-23T12:00:00Z\","
            + "\"labels\":{},\"event\":null,\"children\":[],\"reason\":{\"type\":\"matched\",\"event\":\"x\"},"
            + "\"causation\":{\"depth\":1,\"origin\":\"e\"}}",
        "{\"id\":\"f-1\",\"automation\":\"a\",\"state\":\"Resolved\",\"triggered\":\"noon\","
            + "\"labels\":{},\"event\":null,\"children\":[],\"reason\":{\"type\":\"matched\",\"event\":\"x\"},"
            + "\"causation\":{\"depth\":1,\"origin\":\"e\"}}",
      })
  void refusesWhatIsNoFiring(String text) {
    assertThatThrownBy(() -> FiringJson.read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
