package dev.tocsin.triggers.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Trials;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluatedIdsTest {

  @Test
  void areWhatAMapWouldHold() {
    Trials.run(
        200,
        random -> {
          int most = random.nextInt(80);
          long memory = random.nextInt(200);
          int variety = 1 + random.nextInt(200);
          EvaluatedIds ids = new EvaluatedIds(memory, most, random.nextLong());
          Deque<Evaluated> model = new ArrayDeque<>();
          long clock = 0;
          for (int i = 0; i < 500; i++) {
            clock += random.nextInt(4);
            long now = clock;
            String id = "id-" + random.nextInt(variety);
            ids.add(EventId.of(id), now);
            model.add(new Evaluated(id, now));
            while (model.size() > most
                || (!model.isEmpty() && now - model.getFirst().at() >= memory)) {
              model.removeFirst();
            }
            // Asked now and then only: what was added before is filed at once.
            if (random.nextInt(10) == 0) {
              String asked = "id-" + random.nextInt(variety);
              assertThat(ids.knows(EventId.of(asked), now))
                  .isEqualTo(model.stream().anyMatch(each -> each.id().equals(asked)));
            }
            assertThat(ids.size(now)).isEqualTo(model.size());
            assertThat(ids.all().count()).isEqualTo(model.size());
          }
        });
  }

  private record Evaluated(String id, long at) {}

  @Test
  void aUuidIsKnownByItsBits() {
    EvaluatedIds ids = new EvaluatedIds(Long.MAX_VALUE, Integer.MAX_VALUE, 7);
    EventId id = EventId.of("c2b4a1f0-0000-4000-8000-0123456789ab");
    ids.add(1, 1, 0);
    assertThat(ids.knows(id, 0)).isFalse();
    ids.add(0xc2b4a1f000004000L, 0x80000123456789abL, 0);
    assertThat(ids.knows(id, 0)).isTrue();
  }

  @Test
  void idsThatAreNearlyTheSameAreToldApart() {
    Random random = new Random(1);
    Set<String> different = new HashSet<>();
    EvaluatedIds ids = new EvaluatedIds(Long.MAX_VALUE, Integer.MAX_VALUE, 7);
    for (int i = 0; i < 20_000; i++) {
      char[] id = "00000000-0000-4000-8000-000000000000".toCharArray();
      id[random.nextInt(id.length)] = (char) ('a' + random.nextInt(26));
      id[random.nextInt(id.length)] = (char) ('a' + random.nextInt(26));
      String text = new String(id, 0, 1 + random.nextInt(id.length));
      boolean isNew = different.add(text);
      assertThat(ids.knows(EventId.of(text), 0)).isEqualTo(!isNew);
      if (isNew) {
        ids.add(EventId.of(text), 0);
      }
    }
    assertThat(ids.size(0)).isEqualTo(different.size());
  }
}
