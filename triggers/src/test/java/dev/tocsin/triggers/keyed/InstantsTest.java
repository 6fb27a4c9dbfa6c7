package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Trials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InstantsTest {

  /** Every one ever made is looked at again at the end: sharing an array must not show. */
  @Test
  void areWhatAListWouldBe() {
    Trials.run(
        500,
        random -> {
          List<Instants> made = new ArrayList<>(List.of(Instants.NONE));
          List<List<Long>> expected = new ArrayList<>(List.of(List.of()));
          for (int i = 0; i < 40; i++) {
            int from = random.nextInt(3) == 0 ? random.nextInt(made.size()) : made.size() - 1;
            long instant = random.nextBoolean() ? i : random.nextInt(-40, 40);
            List<Long> model = new ArrayList<>(expected.get(from));
            if (random.nextInt(4) == 0) {
              made.add(made.get(from).laterThan(instant));
              model.removeIf(each -> each <= instant);
            } else {
              made.add(made.get(from).with(instant));
              model.add(instant);
              model.sort(null);
            }
            expected.add(model);
          }
          for (int i = 0; i < made.size(); i++) {
            assertSame(made.get(i), expected.get(i));
          }
        });
  }

  private static void assertSame(Instants instants, List<Long> expected) {
    assertThat(instants.size()).isEqualTo(expected.size());
    assertThat(instants.isEmpty()).isEqualTo(expected.isEmpty());
    if (!expected.isEmpty()) {
      assertThat(instants.oldest()).isEqualTo(expected.getFirst());
      assertThat(instants.newest()).isEqualTo(expected.getLast());
    }
    assertThat(instants.toString())
        .isEqualTo(String.join(",", expected.stream().map(String::valueOf).toList()));
    Instants equal = Instants.NONE;
    for (long instant : expected) {
      equal = equal.with(instant);
    }
    assertThat(equal)
        .isEqualTo(instants)
        .hasSameHashCodeAs(instants)
        .isNotEqualTo(instants.with(0));
  }
}
