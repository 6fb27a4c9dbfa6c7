package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static dev.tocsin.engine.store.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPagesTest {

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Stores.open(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static EventQuery all(int limit, @Nullable String cursor) {
    return new EventQuery(null, null, null, null, limit, cursor);
  }

  private static List<String> ids(EventPage page) {
    return page.events().stream().map(json -> read(json).id()).toList();
  }

  private static Event at(String id, int second) {
    return event(id, NOON.plusSeconds(second), "n", "r");
  }

  @Test
  void eventsComeNewestFirstByOccurredThenByPlaceInTheJournal() {
    store.commit(accepted(1, at("a", 5), at("b", 9), at("c", 5), at("d", -5)));
    EventPage page = store.events(all(10, null));
    assertThat(ids(page)).containsExactly("b", "c", "a", "d");
    assertThat(read(page.events().getFirst())).isEqualTo(at("b", 9));
    assertThat(page.total()).isEqualTo(4);
    assertThat(page.next()).isNull();
  }

  @Test
  void pagesNeitherRepeatNorLoseAnEventWhileOthersArrive() {
    long sequence = 0;
    for (int i = 0; i < 25; i++) {
      store.commit(accepted(++sequence, at("e" + i, i / 3)));
    }
    List<String> seen = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      EventPage page = store.events(all(4, cursor));
      assertThat(page.total()).isEqualTo(25);
      assertThat(page.events()).hasSizeLessThanOrEqualTo(4);
      seen.addAll(ids(page));
      cursor = page.next();
      store.commit(accepted(++sequence, at("late" + sequence, -1), at("new" + sequence, 99)));
      sequence++;
    } while (cursor != null);
    List<String> expected = new ArrayList<>();
    for (int i = 24; i >= 0; i--) {
      expected.add("e" + i);
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(store.events(all(1, null)).total()).isEqualTo(25 + 2 * 7);
  }

  @Test
  void aFullLastPageHasNoNext() {
    store.commit(accepted(1, at("a", 1), at("b", 2), at("c", 3), at("d", 4)));
    EventPage first = store.events(all(2, null));
    EventPage second = store.events(all(2, first.next()));
    assertThat(ids(second)).containsExactly("b", "a");
    assertThat(second.next()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "acme.order.shipped, 1",
    "acme.order.*, 1 2 4",
    "acme.*, 1 2 3 4",
    "*, 1 2 3 4 5 6",
    "acme.*d, 1 2",
    "!acme.*, 5 6",
    "ACME.*, ''",
    "acme.order.[ps]?*, 1 2",
    "acme.order.%, 4",
    "Ö😀.*, 5",
    "'', ''",
    "acme_order_shipped, ''",
    "o'clock, 6",
  })
  void aPatternOfTheNameMeansWhatItMeansInTriggers(String pattern, String expected) {
    store.commit(
        accepted(
            1,
            event("1", NOON, "acme.order.shipped", "r"),
            event("2", NOON, "acme.order.paid", "r"),
            event("3", NOON, "acme.orders", "r"),
            event("4", NOON, "acme.order.%", "r"),
            event("5", NOON, "Ö😀.x", "r"),
            event("6", NOON, "o'clock", "r")));
    EventPage page = store.events(new EventQuery(pattern, null, null, null, 10, null));
    List<String> ids = Stream.of(expected.split(" ")).filter(id -> !id.isEmpty()).toList();
    assertThat(ids(page)).containsExactlyElementsOf(ids.reversed());
    assertThat(page.total()).isEqualTo(ids.size());
  }

  @Test
  void allConditionsMustHoldAndBothEndsOfTimeAreIncluded() {
    store.commit(
        accepted(
            1,
            event("1", NOON.plusSeconds(1), "a.x", "order.1"),
            event("2", NOON.plusSeconds(2), "a.y", "order.2"),
            event("3", NOON.plusSeconds(3), "a.z", "order.3"),
            event("4", NOON.plusSeconds(3), "a.z", "customer.3"),
            event("5", NOON.plusSeconds(3), "b.z", "order.3"),
            event("6", NOON.plusSeconds(4), "a.z", "order.4")));
    Instant since = NOON.plusSeconds(2);
    Instant until = NOON.plusSeconds(3);
    EventPage page = store.events(new EventQuery("a.?", "o*er.*", since, until, 10, null));
    assertThat(ids(page)).containsExactly("3", "2");
    assertThat(page.total()).isEqualTo(2);
    EventQuery one = new EventQuery("a.?", "o*er.*", since, until, 1, null);
    EventPage first = store.events(one);
    assertThat(first.total()).isEqualTo(2);
    EventPage second = store.events(new EventQuery("a.?", "o*er.*", since, until, 1, first.next()));
    assertThat(ids(second)).containsExactly("2");
    assertThat(second.total()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void aCursorThatIsNoneIsRefused(String cursor) {
    assertThatThrownBy(() -> store.events(all(1, cursor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cursor must be the `next` of an earlier page, not \"" + cursor + "\"");
  }
}
