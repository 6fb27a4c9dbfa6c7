package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.event;
import static dev.tocsin.engine.store.Samples.fedBack;
import static dev.tocsin.engine.store.Samples.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.runtime.StatePage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages end by bytes before they end by count, and the next goes on where they ended. */
class LargeEventsTest {

  private static final int COUNT = 30;
  private static final int AT_MOST = 9; // of 1 MB on a page

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

  private static Event large(int number) {
    return new Event(
        "e" + number,
        NOON.plusSeconds(number),
        "n",
        Resource.of(Resource.ID, "r"),
        List.of(),
        Payload.ofJson("{\"a\":\"" + "x".repeat(1_000_000) + "\"}"),
        null,
        NOON,
        null);
  }

  private static List<String> ids() {
    return IntStream.range(0, COUNT).mapToObj(i -> "e" + i).toList();
  }

  private void accept() {
    for (int i = 0; i < COUNT; i++) {
      store.commit(accepted(i + 1, large(i)));
    }
  }

  @Test
  void aListIsCutAndGoesOnAtItsCursor() {
    accept();
    List<String> seen = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      EventPage page = store.events(new EventQuery("n", null, null, null, 1_000, cursor));
      assertThat(page.events()).hasSizeBetween(1, AT_MOST);
      page.events().forEach(event -> seen.add(read(event).id()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen.reversed()).isEqualTo(ids());
  }

  @Test
  void theJournalIsCutAndGoesOn() {
    accept();
    List<Long> seen = new ArrayList<>();
    for (List<JournalEntry> page = store.entries(0, 1_000);
        !page.isEmpty();
        page = store.entries(seen.getLast(), 1_000)) {
      assertThat(page).hasSizeLessThanOrEqualTo(AT_MOST);
      page.forEach(entry -> seen.add(entry.sequence()));
    }
    assertThat(seen).hasSize(COUNT).isSorted();
  }

  @Test
  void feedbackIsCutAndGoesOn() {
    for (int i = 0; i < COUNT; i++) {
      store.commit(fedBack(large(i)));
    }
    List<String> seen = new ArrayList<>();
    for (List<FeedbackEvent> page = store.feedback(0, 500);
        !page.isEmpty();
        page = store.feedback(page.getLast().position(), 500)) {
      assertThat(page).hasSizeLessThanOrEqualTo(AT_MOST);
      page.forEach(waiting -> seen.add(waiting.event().id()));
    }
    assertThat(seen).isEqualTo(ids());
  }

  @Test
  void aCheckContinuesWhereAPageOfTheCheckpointsPagesEnded() {
    store.commit(accepted(1, event("e1")));
    List<CheckpointPage> pages =
        LongStream.rangeClosed(1, COUNT)
            .mapToObj(place -> new CheckpointPage(place, StatePage.of(new byte[1_000_000])))
            .toList();
    store.save(new CheckpointSlice(pages, new StoredCheckpoint(1, NOON, "{}", 1, COUNT), 0, 0));
    assertThat(Stores.admin(folder).check().faults()).isEmpty();
  }
}
