package dev.tocsin.triggers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.Instants;
import dev.tocsin.triggers.keyed.StateCodec;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** States are the same after they were encoded and decoded. */
class StateEncodingTest {

  @Test
  void statesOutliveBeingWritten() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      assertSame(ReactiveState.CODEC, reactive(random));
      assertSame(ProactiveState.CODEC, proactive(random));
    }
  }

  @Test
  void identifiersThatAreNearlyCanonicalOutliveBeingWritten() {
    String canonical = "c2b4a1f0-0000-4000-8000-0123456789ab";
    for (int at = 0; at < canonical.length(); at++) {
      for (String other : List.of("A", "F", "g", "-", "_", "\u00e9", "\u0130")) {
        String id = canonical.substring(0, at) + other + canonical.substring(at + 1);
        assertSame(
            ProactiveState.CODEC, new ProactiveState.Awaiting(5, 0, 9, 0, EventRef.of(id, 0, id)));
      }
    }
  }

  private static <S> void assertSame(StateCodec<S> codec, S state) {
    StateWriter writer = new StateWriter();
    codec.write(state, writer);
    assertThat(codec.read(new StateReader(writer.copy(), 0, writer.length()))).isEqualTo(state);
  }

  private static ReactiveState reactive(Random random) {
    return random.nextBoolean()
        ? new ReactiveState.Open(time(random), random.nextInt(1_000_000_000), time(random))
        : new ReactiveState.Sliding(
            instants(random),
            random.nextBoolean() ? ReactiveState.NOT_QUIET : time(random),
            time(random));
  }

  private static ProactiveState proactive(Random random) {
    long lateness = random.nextBoolean() ? 0 : random.nextLong(1L << 40);
    return random.nextBoolean()
        ? new ProactiveState.Awaiting(
            time(random), random.nextInt(3), time(random), lateness, covered(random))
        : new ProactiveState.Watching(
            instants(random),
            random.nextInt(4) == 0 ? Micros.NEVER : time(random),
            lateness,
            random.nextBoolean() ? Micros.NEVER : time(random),
            covered(random));
  }

  private static Instants instants(Random random) {
    Instants instants = Instants.NONE;
    for (int left = random.nextInt(5); left > 0; left--) {
      instants = instants.with(time(random));
    }
    return instants;
  }

  private static long time(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Micros.of(Event.MIN_OCCURRED);
      case 1 -> Micros.of(Event.END_OF_TIME) * 2;
      default -> Micros.of(Traces.START) + random.nextInt();
    };
  }

  private static @Nullable EventRef covered(Random random) {
    List<String> ids =
        List.of(
            "c2b4a1f0-0000-4000-8000-0123456789ab",
            "C2B4A1F0-0000-4000-8000-0123456789AB",
            "c2b4a1f0_0000-4000-8000-0123456789ab",
            "c2b4a1f0-0000-4000-8000-0123456789é",
            "x",
            "\ud83d\ude00".repeat(200));
    String id = ids.get(random.nextInt(ids.size()));
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> EventRef.of(id, 0, id);
      default -> EventRef.of(id, random.nextInt(20), ids.get(random.nextInt(ids.size())));
    };
  }
}
