package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.declared;
import static dev.tocsin.engine.store.Samples.entries;
import static dev.tocsin.engine.store.Samples.event;
import static dev.tocsin.engine.store.Samples.fedBack;
import static dev.tocsin.engine.store.Samples.finished;
import static dev.tocsin.engine.store.Samples.firing;
import static dev.tocsin.engine.store.Samples.invocation;
import static dev.tocsin.engine.store.Samples.invoked;
import static dev.tocsin.engine.store.Samples.own;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.store.JournalEntry.BlindEntry;
import dev.tocsin.engine.store.JournalEntry.DeclaredEntry;
import dev.tocsin.engine.store.JournalEntry.EventEntry;
import dev.tocsin.engine.store.JournalEntry.PauseEntry;
import dev.tocsin.engine.store.JournalEntry.TickEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.wire.EncodedEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every store promises to the engine. Each implementation runs it by a class of its own, which
 * says how a store is opened.
 */
abstract class StoreContract {

  @TempDir private Path folder;
  private Store store;

  /** Opens the store of a folder; creates it if there is none. */
  abstract Store open(Path folder);

  @BeforeEach
  void open() {
    store = open(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    close();
    open();
  }

  /** All kinds of things in one commit. */
  private static Commit everything() {
    List<JournalEntry> entries = new ArrayList<>(entries(1, event("e1"), own("o1", 2)));
    entries.add(new PauseEntry(3, NOON, "automation", true));
    entries.add(new TickEntry(4, NOON));
    return new Commit(
        entries,
        List.of(),
        List.of(firing("f1", 1)),
        List.of(invocation("i1", "chat"), invocation("i2", "chat")),
        List.of(new InvocationResult("i1", "failed", NOON, "{\"reason\":\"x\"}")),
        List.of(EncodedEvent.of(own("o2", 1)), EncodedEvent.of(own("o3", 20))),
        List.of());
  }

  private void assertEverythingIsThereOnce() {
    assertThat(store.lastSequence()).isEqualTo(4);
    assertThat(store.entries(0, 10)).isEqualTo(everything().entries());
    assertThat(store.event("e1")).isEqualTo(event("e1"));
    assertThat(store.event("o1")).isEqualTo(own("o1", 2));
    assertThat(store.events(List.of("o1", "none", "e1")))
        .isEqualTo(Map.of("e1", event("e1"), "o1", own("o1", 2)));
    assertThat(store.firing("f1")).isEqualTo(firing("f1", 1));
    assertThat(store.pending("chat", 0, 10)).extracting(StoredInvocation::id).containsExactly("i2");
    assertThat(store.pendingCount()).isEqualTo(1);
    assertThat(store.result("i1"))
        .isEqualTo(new InvocationResult("i1", "failed", NOON, "{\"reason\":\"x\"}"));
    assertThat(store.feedback(0, 10))
        .extracting(FeedbackEvent::event)
        .containsExactly(own("o2", 1), own("o3", 20));
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertThat(store.lastSequence()).isZero();
    assertThat(store.known(List.of("e1"))).isEmpty();
    assertThat(store.event("e1")).isNull();
    assertThat(store.entries(0, 10)).isEmpty();
    assertThat(store.feedback(0, 10)).isEmpty();
    assertThat(store.destinationsWithWork()).isEmpty();
    assertThat(store.pending("chat", 0, 10)).isEmpty();
    assertThat(store.pendingCount()).isZero();
    assertThat(store.firing("f1")).isNull();
    assertThat(store.result("i1")).isNull();
    assertThat(store.checkpoint()).isNull();
    assertThat(store.inForce(Long.MAX_VALUE)).isEmpty();
    assertThat(store.definition("d")).isNull();
  }

  @Test
  void allOfACommitIsThereAtOnceAndAfterReopening() {
    store.commit(everything());
    assertEverythingIsThereOnce();
    reopen();
    assertEverythingIsThereOnce();
  }

  @Test
  void theSameCommitAgainChangesNothing() {
    store.commit(everything());
    store.commit(everything());
    assertEverythingIsThereOnce();
    reopen();
    store.commit(everything());
    assertEverythingIsThereOnce();
  }

  @Test
  void aCommitThatCannotBeIsUndoneWholeAndTheStoreGoesOn() {
    store.commit(accepted(1, event("e1")));
    Commit known =
        new Commit(
            entries(2, event("e2"), event("e1")),
            List.of(),
            List.of(firing("f1", 2)),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    assertThatThrownBy(() -> store.commit(known))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("Cannot write event e1 as entry 3")
        .hasMessageEndingWith("its id or its number is taken by another entry");
    assertThatThrownBy(() -> store.commit(accepted(1, event("other"))))
        .isInstanceOf(StoreException.class);
    assertThat(store.lastSequence()).isEqualTo(1);
    assertThat(store.firing("f1")).isNull();
    store.commit(accepted(2, event("e2")));
    assertThat(store.entries(1, 10)).isEqualTo(entries(2, event("e2")));
  }

  @Test
  void idsThatWereAcceptedAreKnown() {
    Event[] many =
        IntStream.rangeClosed(1, 250).mapToObj(i -> event("e" + i)).toArray(Event[]::new);
    store.commit(accepted(1, many));
    List<String> asked = new ArrayList<>(List.of("x", "o1", "'", "😀"));
    for (Event one : many) {
      asked.add(one.id());
    }
    store.commit(fedBack(own("o1", 1)));
    assertThat(store.known(asked))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 250).mapToObj(i -> "e" + i).toList());
  }

  @Test
  void theJournalIsReadInOrderOfSequenceFromAnyPlace() {
    List<JournalEntry> entries = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      entries.add(
          i % 3 == 0
              ? new PauseEntry(2L * i, NOON.plusMillis(i), "a" + i, i % 2 == 0)
              : new EventEntry(2L * i, EncodedEvent.of(event("e" + i))));
    }
    store.commit(Commit.ofEntries(entries));
    assertThat(store.entries(0, 100)).isEqualTo(entries);
    assertThat(store.entries(6, 4)).isEqualTo(entries.subList(3, 7));
    assertThat(store.entries(7, 4)).isEqualTo(entries.subList(3, 7));
    assertThat(store.entries(40, 4)).isEmpty();
    assertThat(store.lastSequence()).isEqualTo(40);
  }

  @Test
  void whatIsInForceIsTheLatestDeclarationOfEachOriginUpToAPlace() {
    DeclaredEntry files = declared(1, "files", "a", "b");
    DeclaredEntry api = declared(2, "api", "c");
    DeclaredEntry later = declared(4, "files", "b", "d");
    DeclaredEntry none = declared(5, "api");
    List<JournalEntry> entries = List.of(files, api, new TickEntry(3, NOON), later, none);
    store.commit(Commit.ofEntries(entries));
    assertThat(store.entries(0, 10)).isEqualTo(entries);
    assertThat(store.inForce(0)).isEmpty();
    assertThat(store.inForce(1)).containsExactly(files);
    assertThat(store.inForce(3)).containsExactly(files, api);
    assertThat(store.inForce(4)).containsExactly(api, later);
    assertThat(store.inForce(Long.MAX_VALUE)).containsExactly(later, none);
  }

  @Test
  void aDefinitionIsStoredOnceByItsFingerprint() {
    StoredDefinition first = new StoredDefinition("1", "{\"id\":\"a\"}");
    StoredDefinition second = new StoredDefinition("2", "{\"id\":\"b\"}");
    store.commit(defined(first));
    store.commit(defined(first, second));
    assertThat(store.definition("1")).isEqualTo(first);
    assertThat(store.definition("3")).isNull();
    assertThat(store.definitions(List.of("2", "3", "1")))
        .isEqualTo(Map.of("1", first, "2", second));
    assertThat(store.definitions(List.of())).isEmpty();
  }

  private static Commit defined(StoredDefinition... definitions) {
    return new Commit(
        List.of(), List.of(definitions), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  @Test
  void noEntryTakesThePlaceOfAnother() {
    List<JournalEntry> entries =
        List.of(
            new TickEntry(1, NOON),
            new PauseEntry(2, NOON, "a", true),
            new BlindEntry(3, NOON, NOON, NOON.plusSeconds(1), "down"),
            declared(4, "files", "a"),
            new EventEntry(5, EncodedEvent.of(event("e5"))));
    store.commit(Commit.ofEntries(entries));
    store.commit(Commit.ofEntries(entries));
    assertThat(store.entries(0, 10)).isEqualTo(entries);
    for (JournalEntry other :
        List.of(
            new TickEntry(1, NOON.plusSeconds(1)),
            new TickEntry(2, NOON),
            new PauseEntry(2, NOON, "a", false),
            new PauseEntry(2, NOON, "b", true),
            new BlindEntry(3, NOON, NOON, NOON.plusSeconds(2), "down"),
            declared(4, "files", "b"),
            declared(4, "api", "a"),
            declared(5, "files", "a"),
            new EventEntry(4, EncodedEvent.of(event("e4"))))) {
      assertThatThrownBy(() -> store.commit(Commit.ofEntries(List.of(other))))
          .isInstanceOf(StoreException.class)
          .hasMessageEndingWith("its id or its number is taken by another entry");
    }
    assertThat(store.entries(0, 10)).isEqualTo(entries);
  }

  @Test
  void theOutboxIsInOrderPerDestinationAndInWindows() {
    store.commit(invoked(invocation("z1", "z"), invocation("a1", "a"), invocation("z2", "z")));
    store.commit(invoked(invocation("m1", "m"), invocation("a2", "a"), invocation("a3", "a")));
    assertThat(store.destinationsWithWork()).containsExactly("z", "a", "m");
    List<StoredInvocation> window = store.pending("a", 0, 2);
    assertThat(window).extracting(StoredInvocation::id).containsExactly("a1", "a2");
    assertThat(window.getFirst())
        .isEqualTo(new StoredInvocation(window.getFirst().position(), "a1", "f1", "d1", 3, "a"));
    assertThat(store.pending("a", window.getLast().position(), 2))
        .extracting(StoredInvocation::id)
        .containsExactly("a3");
    assertThat(store.pending("none", 0, 2)).isEmpty();
  }

  @Test
  void anInvocationLeavesTheOutboxWithItsFirstResult() {
    store.commit(invoked(invocation("z1", "z"), invocation("a1", "a"), invocation("z2", "z")));
    store.commit(finished("z1", "a1", "unknown"));
    assertThat(store.destinationsWithWork()).containsExactly("z");
    assertThat(store.pending("z", 0, 10)).extracting(StoredInvocation::id).containsExactly("z2");
    InvocationResult late = new InvocationResult("a1", "failed", NOON.plusSeconds(1), "{}");
    store.commit(
        new Commit(
            List.of(), List.of(), List.of(), List.of(), List.of(late), List.of(), List.of()));
    store.commit(invoked(invocation("a1", "a")));
    assertThat(store.pending("a", 0, 10)).isEmpty();
    assertThat(store.result("a1"))
        .isEqualTo(new InvocationResult("a1", "executed", NOON, "{\"status\":200}"));
  }

  @Test
  void feedbackIsInOrderAndLeavesWhenItIsTakenIn() {
    store.commit(fedBack(own("o2", 1), own("o1", 2), own("o3", 3)));
    List<FeedbackEvent> waiting = store.feedback(0, 2);
    assertThat(waiting).extracting(it -> it.event().id()).containsExactly("o2", "o1");
    assertThat(store.feedback(waiting.getLast().position(), 2))
        .extracting(FeedbackEvent::event)
        .containsExactly(own("o3", 3));

    List<Long> taken = waiting.stream().map(FeedbackEvent::position).toList();
    Commit takenIn =
        new Commit(
            entries(1, own("o2", 1), own("o1", 2)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(EncodedEvent.of(own("o4", 4))),
            taken);
    store.commit(takenIn);
    store.commit(takenIn);
    assertThat(store.feedback(0, 9)).extracting(it -> it.event().id()).containsExactly("o3", "o4");
  }

  @Test
  void feedbackThatWasTakenInDoesNotComeBackAndItsPositionIsNotGivenAgain() {
    store.commit(fedBack(own("o1", 1)));
    long position = store.feedback(0, 1).getFirst().position();
    store.commit(
        new Commit(
            entries(1, own("o1", 1)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(position)));
    store.commit(fedBack(own("o1", 1)));
    assertThat(store.feedback(0, 9)).isEmpty();
    reopen();
    store.commit(fedBack(own("o2", 1)));
    assertThat(store.feedback(position, 9))
        .extracting(FeedbackEvent::event)
        .containsExactly(own("o2", 1));
  }

  @Test
  void theLatestCheckpointReplacesTheOneBefore() {
    StoredCheckpoint first = new StoredCheckpoint(7, NOON, "{}", 1, 3);
    store.save(new CheckpointSlice(pages(1, 3), first, 0, 0));
    assertThat(store.checkpoint()).isEqualTo(first);
    assertThat(store.checkpointPages(0, 3, 9)).isEqualTo(pages(1, 3));
    StoredCheckpoint second = new StoredCheckpoint(9, NOON.plusNanos(1_000), "{}", 3, 4);
    store.save(new CheckpointSlice(pages(4, 4), second, 0, 3));
    reopen();
    assertThat(store.checkpoint()).isEqualTo(second);
    assertThat(store.checkpointPages(0, 4, 9)).isEqualTo(pages(3, 4));
    assertThat(store.checkpointPages(0, 4, 1)).isEqualTo(pages(3, 3));
  }

  @Test
  void aSliceIsWrittenWithACommitAndAgainAsItIs() {
    CheckpointSlice slice =
        new CheckpointSlice(pages(1, 2), new StoredCheckpoint(1, NOON, "{}", 1, 2), 0, 0);
    store.commit(accepted(1, event("e1")), slice);
    store.commit(accepted(1, event("e1")), slice);
    assertThat(store.checkpoint()).isEqualTo(slice.completed());
    assertThat(store.checkpointPages(0, 9, 9)).isEqualTo(pages(1, 2));
    assertThat(store.lastSequence()).isEqualTo(1);
  }

  private static List<CheckpointPage> pages(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(place -> new CheckpointPage(place, StatePage.of(new byte[] {(byte) place})))
        .toList();
  }

  @Test
  void readersGoOnBesideTheWriter() throws Exception {
    Callable<Long> reading =
        () -> {
          long last = 0;
          while (last < 200) {
            List<JournalEntry> read = store.entries(last, 50);
            for (JournalEntry entry : read) {
              assertThat(entry.sequence()).isEqualTo(++last);
            }
          }
          return last;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> readers =
          IntStream.range(0, 8).mapToObj(i -> threads.submit(reading)).toList();
      for (int i = 1; i <= 200; i++) {
        store.commit(accepted(i, event("e" + i)));
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).isEqualTo(200);
      }
    }
  }

  @Test
  void aClosedStoreRefusesToReadAndToWrite() {
    store.close();
    store.close();
    assertThatThrownBy(() -> store.lastSequence()).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.commit(accepted(1, event("e1"))))
        .isInstanceOf(StoreException.class);
  }
}
