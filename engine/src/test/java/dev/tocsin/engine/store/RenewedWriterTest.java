package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.NOON;
import static dev.tocsin.engine.store.Samples.accepted;
import static dev.tocsin.engine.store.Samples.entries;
import static dev.tocsin.engine.store.Samples.event;
import static dev.tocsin.engine.store.Samples.firing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.StatePage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full: the file may have no more pages than SQLite is told here. */
class RenewedWriterTest {

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  @TempDir private Path folder;
  private Store store;
  private Path file;
  private Connection connection;
  private RenewedWriter writer;
  private int mostPages = NO_LIMIT;

  @BeforeEach
  void open() throws SQLException {
    store = Stores.open(folder);
    file = folder.resolve(Stores.FILE);
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    writer =
        new RenewedWriter(
            file,
            new SqliteWriter(file, connection, SqliteSegments.SegmentBounds.DEFAULT),
            this::connect);
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
    store.close();
  }

  private SqliteWriter connect() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    limit();
    return new SqliteWriter(file, connection, SqliteSegments.SegmentBounds.DEFAULT);
  }

  private void limit() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + mostPages);
    }
  }

  private void fillTheDisk() throws SQLException {
    mostPages = 1; // SQLite takes it as: no more than there are
    limit();
  }

  private void commit(Commit commit) {
    writer.run(it -> it.commit(commit, CheckpointSlice.NONE));
  }

  private void save(CheckpointSlice slice) {
    writer.run(it -> it.save(slice));
  }

  private static Commit large(long first) {
    Event[] events =
        IntStream.range(0, 200).mapToObj(i -> event("e" + first + i)).toArray(Event[]::new);
    return new Commit(
        entries(first, events),
        List.of(),
        List.of(firing("f" + first, first)),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static CheckpointSlice slice(long sequence, int pages) {
    return new CheckpointSlice(
        IntStream.rangeClosed(1, pages)
            .mapToObj(place -> new CheckpointPage(place, StatePage.of(new byte[10_000])))
            .toList(),
        checkpoint(sequence, pages),
        0,
        0);
  }

  private static StoredCheckpoint checkpoint(long sequence, int pages) {
    return new StoredCheckpoint(sequence, NOON, "{}", 1, pages);
  }

  @Test
  void aCommitGoesThroughOnceThereIsRoomAgain() throws SQLException {
    commit(accepted(1, event("before")));
    fillTheDisk();
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(() -> commit(large(2)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the disk is full. Free some space");
      assertThat(store.lastSequence()).isEqualTo(1);
      assertThat(store.firing("f2")).isNull();
    }
    mostPages = NO_LIMIT;
    commit(large(2));
    assertThat(store.entries(1, 1_000)).isEqualTo(large(2).entries());
    assertThat(store.firing("f2")).isEqualTo(firing("f2", 2));
    Set<String> known = writer.write(it -> it.known(List.of("before", "other")));
    assertThat(known).containsExactly("before");
  }

  @Test
  void aCheckpointIsSavedOnceThereIsRoomAgainAndTheOneBeforeStaysUntilThen() throws SQLException {
    save(slice(1, 1));
    fillTheDisk();
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(() -> save(slice(2, 20)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the disk is full");
      assertThat(store.checkpoint()).isEqualTo(checkpoint(1, 1));
    }
    mostPages = NO_LIMIT;
    save(slice(2, 20));
    assertThat(store.checkpoint()).isEqualTo(checkpoint(2, 20));
    commit(large(2));
    assertThat(store.firing("f2")).isNotNull();
  }

  @Test
  void nobodyIsLockedOutByAFailedCommit() throws SQLException {
    fillTheDisk();
    assertThatThrownBy(() -> commit(large(1))).isInstanceOf(StoreException.class);
    store.commit(accepted(1, event("other writer")));
    assertThat(store.lastSequence()).isEqualTo(1);
  }
}
