package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.engine.store.JournalEntry.DeclaredAutomation;
import dev.tocsin.engine.store.JournalEntry.DeclaredEntry;
import dev.tocsin.engine.store.JournalEntry.EventEntry;
import dev.tocsin.engine.store.JournalEntry.PauseEntry;
import dev.tocsin.engine.store.JournalEntry.TickEntry;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entry n is received n seconds after noon; a segment has ten entries. */
class SqliteRetentionTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store =
        SqliteStore.open(
            folder,
            new SqliteTuning(
                new SqliteSegments.SegmentBounds(10, Long.MAX_VALUE, Duration.ofHours(1)),
                SqliteTuning.DEFAULT.maxPages()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Instant at(long second) {
    return NOON.plusSeconds(second);
  }

  private static Event numbered(long sequence) {
    return event("e" + sequence).receivedAt(at(sequence));
  }

  /** One event, one firing, one invocation. */
  private void commit(long sequence) {
    String id = Long.toString(sequence);
    store.commit(
        new Commit(
            List.of(new JournalEntry.EventEntry(sequence, EncodedEvent.of(numbered(sequence)))),
            List.of(definition("{}")),
            List.of(firing(sequence)),
            List.of(
                new StoredInvocation(
                    0, "i" + id, "f" + id, SqliteRows.fingerprint("{}"), 0, "chat")),
            List.of(),
            List.of(),
            List.of()));
  }

  private static StoredFiring firing(long sequence) {
    String id = Long.toString(sequence);
    return new StoredFiring("f" + id, sequence, "a", "triggered", NOON, "e" + id, "{}");
  }

  private void commitAndFinish(long first, long last) {
    LongStream.rangeClosed(first, last)
        .forEach(
            sequence -> {
              commit(sequence);
              finish(sequence);
            });
  }

  private void finish(long sequence) {
    store.commit(
        new Commit(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(new InvocationResult("i" + sequence, "executed", NOON, "{}")),
            List.of(),
            List.of()));
  }

  private void commit(JournalEntry entry) {
    store.commit(Commit.ofEntries(List.of(entry)));
  }

  private void checkpoint(long sequence) {
    checkpoint(sequence, at(sequence));
  }

  private void checkpoint(long sequence, Instant clock) {
    StoredCheckpoint checkpoint = new StoredCheckpoint(sequence, clock, "{}", 1, 0);
    store.save(new CheckpointSlice(List.of(), checkpoint, 0, 0));
  }

  private static RetentionLimits age(long seconds) {
    return new RetentionLimits(Duration.ofSeconds(seconds), Long.MAX_VALUE, PATIENCE);
  }

  /** All that is to be done, in steps of three rows; how many entries went. */
  private long drop(RetentionLimits retention, Instant now) {
    long entries = 0;
    RetentionStep dropped = store.drop(retention, now, 3);
    while (dropped.hasMore()) {
      entries += dropped.entries();
      dropped = store.drop(retention, now, 3);
    }
    return entries;
  }

  private List<Long> sequences() {
    return store.entries(0, 1_000).stream().map(JournalEntry::sequence).toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void segmentsGoOnceTheirLastEntryIsTooOld() {
    commitAndFinish(1, 35);
    checkpoint(35);
    assertThat(store.size().segments()).isEqualTo(4);
    assertThat(drop(age(20), at(40))).isEqualTo(10);
    assertThat(drop(age(20), at(40))).isZero();
    assertThat(sequences()).isEqualTo(range(11, 35));
    assertThat(store.droppedUpTo()).isEqualTo(10);
    assertThat(store.size().segments()).isEqualTo(3);
    assertThat(store.size().oldest()).isEqualTo(at(11));
    assertThat(store.firing("f10")).isNull();
    assertThat(store.result("i10")).isNull();
    assertThat(store.event("e10")).isNull();
    assertThat(store.firing("f11")).isEqualTo(firing(11));
    assertThat(store.known(List.of("e10", "e11"))).containsExactly("e11");
  }

  @Test
  void theRestGoesTooAndNumbersNeverGoBack() {
    commitAndFinish(1, 35);
    checkpoint(35);
    assertThat(drop(age(20), at(100))).isEqualTo(20);
    // The last segments were received less than the patience before the checkpoint.
    checkpoint(35, at(100));
    assertThat(drop(age(20), at(100 + 3_600))).isEqualTo(15);
    assertThat(store.size())
        .extracting(StoreSize::segments, StoreSize::oldest)
        .containsExactly(0L, null);
    assertThat(store.lastSequence()).isEqualTo(35);
    close();
    open();
    assertThat(store.lastSequence()).isEqualTo(35);
    assertThat(store.droppedUpTo()).isEqualTo(35);
    commitAndFinish(36, 36);
    assertThat(sequences()).containsExactly(36L);
  }

  @Test
  void whatARestartEvaluatesAgainStays() {
    commitAndFinish(1, 30);
    assertThat(drop(age(1), at(1_000))).as("without a checkpoint").isZero();
    checkpoint(15);
    assertThat(drop(age(1), at(1_000))).as("waits may last").isZero();
    checkpoint(15, at(21));
    assertThat(drop(age(1), at(1_000))).isEqualTo(10);
    assertThat(sequences()).isEqualTo(range(11, 30));
  }

  @Test
  void unfinishedActionsKeepTheirFiringsAndEvents() {
    commitAndFinish(1, 4);
    commit(5);
    commitAndFinish(6, 20);
    // An absence: it fired at 21 and names an event of long before.
    store.commit(
        new Commit(
            List.of(new TickEntry(21, at(21))),
            List.of(),
            List.of(new StoredFiring("late", 21, "a", "triggered", NOON, "e7", "{}")),
            List.of(new StoredInvocation(0, "il", "late", SqliteRows.fingerprint("{}"), 0, "chat")),
            List.of(),
            List.of(),
            List.of()));
    commitAndFinish(22, 45);
    checkpoint(45);
    assertThat(drop(age(10), at(45))).isEqualTo(30 - 2);
    assertThat(sequences()).isEqualTo(range(31, 45));
    assertThat(store.pending("chat", 0, 10))
        .extracting(StoredInvocation::id)
        .containsExactly("i5", "il");
    assertThat(store.firing("f5")).isEqualTo(firing(5));
    assertThat(store.event("e5")).isEqualTo(numbered(5));
    assertThat(store.firing("late")).isNotNull();
    assertThat(store.event("e7")).isEqualTo(numbered(7));
    assertThat(store.firing("f7")).isNull();
    finish(5);
    commitAndFinish(46, 60);
    checkpoint(60);
    drop(age(10), at(60));
    assertThat(store.event("e5")).as("goes with the next segment").isNull();
    assertThat(store.firing("f5")).isNull();
    assertThat(store.event("e7")).isNotNull();
  }

  @Test
  void whatGoesOnlyWithANewCheckpointIsSaid() {
    assertThat(store.drop(age(5), at(1_000), 100).awaitsCheckpoint()).as("empty").isFalse();
    commitAndFinish(1, 15);
    assertThat(store.drop(age(1), at(1_000), 100).awaitsCheckpoint()).as("too young").isFalse();
    commitAndFinish(16, 21);
    assertThat(store.drop(age(1_000), at(21), 100).awaitsCheckpoint()).as("none due").isFalse();
    assertThat(store.drop(age(5), at(1_000), 100).awaitsCheckpoint()).isTrue();
    checkpoint(21);
    assertThat(store.drop(age(5), at(1_000), 100).awaitsCheckpoint()).isFalse();
    assertThat(drop(age(5), at(1_000))).isEqualTo(10);
  }

  @Test
  void theLatestPauseOfEachAutomationStays() {
    commit(new PauseEntry(1, at(1), "a", true));
    commit(new PauseEntry(2, at(2), "b", true));
    commit(new PauseEntry(3, at(3), "b", false));
    commit(new TickEntry(4, at(4)));
    commitAndFinish(5, 30);
    checkpoint(30);
    assertThat(drop(age(5), at(30))).isEqualTo(10 - 2);
    assertThat(sequences()).startsWith(1L, 3L, 11L);
  }

  /** What was in force when a kept entry came can always be told, and nothing else is kept. */
  @Test
  void whatIsInForceAtAKeptEntryStaysWithItsDefinitions() {
    declare(1, "files", "A");
    declare(2, "files", "B");
    declare(3, "api", "C");
    commit(4, "W");
    commitAndFinish(5, 21);
    declare(22, "files", "D");
    commitAndFinish(23, 30);
    checkpoint(30);
    assertThat(drop(age(15), at(30))).isEqualTo(10 - 2 - 1);
    assertThat(sequences()).startsWith(2L, 3L, 11L);
    assertThat(store.inForce(11)).extracting(JournalEntry::sequence).containsExactly(2L, 3L);
    assertThat(kept("A", "B", "C", "D", "W")).containsExactly("B", "C", "D", "W");
    finish(4);
    commitAndFinish(31, 50);
    checkpoint(50);
    drop(age(15), at(50));
    assertThat(sequences()).startsWith(3L, 22L, 31L);
    assertThat(kept("A", "B", "C", "D", "W")).containsExactly("C", "D");
    assertThat(Stores.admin(folder).check().faults()).isEmpty();
  }

  @Test
  void aDeclarationThatCannotBeReadHoldsUpNoDrop() throws Exception {
    declare(1, "files", "A");
    commitAndFinish(2, 10);
    declare(11, "files", "B");
    commitAndFinish(12, 20);
    declare(21, "files", "C");
    commitAndFinish(22, 30);
    checkpoint(30);
    close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tocsin.db"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE entry SET body = CAST('{' AS BLOB) WHERE sequence = 21");
    }
    open();
    assertThat(drop(age(10), at(30))).isPositive();
    assertThat(kept("A", "B", "C")).as("nobody knows which are unused").hasSize(3);
  }

  private Set<String> kept(String... texts) {
    Set<String> kept = new TreeSet<>(List.of(texts));
    kept.removeIf(text -> store.definition(SqliteRows.fingerprint(text)) == null);
    return kept;
  }

  private static StoredDefinition definition(String text) {
    return new StoredDefinition(SqliteRows.fingerprint(text), text);
  }

  private void declare(long sequence, String origin, String definition) {
    DeclaredEntry entry =
        new DeclaredEntry(
            sequence,
            at(sequence),
            origin,
            List.of(new DeclaredAutomation("a", SqliteRows.fingerprint(definition))),
            "a test");
    store.commit(
        new Commit(
            List.of(entry),
            List.of(definition(definition)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  /** An event whose action is of a definition that no entry declares any more. */
  private void commit(long sequence, String definition) {
    String id = Long.toString(sequence);
    store.commit(
        new Commit(
            List.of(new EventEntry(sequence, EncodedEvent.of(numbered(sequence)))),
            List.of(definition(definition)),
            List.of(firing(sequence)),
            List.of(
                new StoredInvocation(
                    0, "i" + id, "f" + id, SqliteRows.fingerprint(definition), 0, "chat")),
            List.of(),
            List.of(),
            List.of()));
  }

  @Test
  void aDropThatWasBrokenOffGoesOn() {
    commitAndFinish(1, 35);
    checkpoint(35);
    for (int step = 0; step < 6; step++) {
      assertThat(store.drop(age(20), at(40), 3).hasMore()).isTrue();
      close();
      open();
      assertThat(sequences()).as("nobody sees half of it").isEqualTo(range(11, 35));
      assertThat(store.lastSequence()).isEqualTo(35);
    }
    drop(new RetentionLimits(Duration.ofDays(1), Long.MAX_VALUE, PATIENCE), at(40));
    assertThat(store.event("e10")).isNull();
    assertThat(store.event("e11")).isNotNull();
  }

  @Test
  void theOldestGoWhileTooMuchIsInUseAndTheDiskGetsItBack() throws Exception {
    String label = "x".repeat(60_000);
    for (long first = 1; first <= 500; first += 10) {
      List<JournalEntry> entries =
          LongStream.range(first, first + 10)
              .mapToObj(
                  n ->
                      (JournalEntry)
                          new JournalEntry.EventEntry(
                              n,
                              EncodedEvent.of(
                                  event("e" + n, NOON, "large", label + n).receivedAt(at(n)))))
              .toList();
      store.commit(Commit.ofEntries(entries));
    }
    checkpoint(500);
    long before = store.size().bytes();
    RetentionLimits half = new RetentionLimits(null, before / 2, PATIENCE);
    while (store.drop(half, at(500), 1_000).hasMore()) {
      assertThat(store.lastSequence()).isEqualTo(500);
    }
    assertThat(store.size().bytes()).isLessThanOrEqualTo(before / 2).isGreaterThan(before / 3);
    assertThat(sequences()).startsWith(store.droppedUpTo() + 1);
    close();
    assertThat(Files.size(folder.resolve(Stores.FILE))).isLessThan(before * 4 / 5);
    open();
  }

  @Test
  void anActionThatEndsWhileItsSegmentGoesIsNoFault() {
    commitAndFinish(1, 4);
    commit(5);
    commitAndFinish(6, 30);
    checkpoint(30);
    store.drop(age(5), at(30), 100);
    store.drop(age(5), at(30), 100);
    finish(5);
    drop(age(5), at(30));
    assertThat(store.firing("f5")).isNull();
    assertThat(Stores.admin(folder).check().faults()).isEmpty();
  }

  @Test
  void aReaderThatFallsBehindIsToldSo() {
    commitAndFinish(1, 35);
    checkpoint(35);
    try (StoredJournal journal = Stores.admin(folder).journal()) {
      assertThat(journal.after(0, 5)).extracting(JournalEntry::sequence).isEqualTo(range(1, 5));
      store.drop(age(20), at(40), 3);
      assertThat(journal.after(20, 5)).extracting(JournalEntry::sequence).isEqualTo(range(21, 25));
      assertThatThrownBy(() -> journal.after(5, 5))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("Entries up to 10 were dropped by retention while");
    }
    try (StoredJournal journal = Stores.admin(folder).journal()) {
      assertThat(journal.after(0, 3)).extracting(JournalEntry::sequence).isEqualTo(range(11, 13));
    }
  }

  @Test
  void readersBesideADropSeeEveryEntryOrAreTold() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Long> reader = threads.submit(() -> follow(done));
      for (long sequence = 1; sequence <= 150; sequence++) {
        commit(sequence);
        finish(sequence);
        if (sequence % 15 == 0) {
          checkpoint(sequence);
          drop(age(20), at(sequence));
        }
      }
      done.set(true);
      assertThat(reader.get()).isEqualTo(150);
    }
    assertThat(store.droppedUpTo()).isEqualTo(120);
  }

  /** Reads on as one who follows the journal does; where it came to. */
  private long follow(AtomicBoolean done) {
    long at = 0;
    while (true) {
      boolean isLast = done.get();
      List<JournalEntry> page = store.entries(at, 4);
      long dropped = store.droppedUpTo();
      if (dropped > at) {
        at = dropped;
        continue;
      }
      for (JournalEntry entry : page) {
        assertThat(entry.sequence()).isEqualTo(++at);
      }
      if (isLast && page.isEmpty()) {
        return at;
      }
    }
  }

  @Test
  void aCommitThatIsTriedAgainIsCountedOnce() {
    commit(1);
    commit(1);
    commit(2);
    commitAndFinish(3, 10);
    commitAndFinish(11, 11);
    assertThat(store.size().segments()).isEqualTo(2);
  }
}
