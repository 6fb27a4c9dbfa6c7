package dev.tocsin.engine.store;

import dev.tocsin.engine.store.SqliteBackup.DurableFiles;
import dev.tocsin.triggers.Event;
import dev.tocsin.wire.EncodedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Imports into a file of its own, which becomes that of the store when it is finished. */
final class SqliteImport implements StoreImport {

  private static final int BATCH = 1_000;

  private final FolderLock lock;
  private final Path file;
  private final Path part;
  private final SqliteWriter writer;
  private final List<JournalEntry> batch = new ArrayList<>();
  private final Set<String> batchIds = new HashSet<>();
  private @Nullable Instant latest;
  private long sequence;
  private boolean isClosed;

  private SqliteImport(FolderLock lock, Path file, Path part, SqliteWriter writer) {
    this.lock = lock;
    this.file = file;
    this.part = part;
    this.writer = writer;
  }

  /**
   * Begins one; the folder is created if it is missing.
   *
   * @throws StoreException if the folder has a store already, another process uses it, or it cannot
   *     be written
   */
  static SqliteImport into(Path folder) {
    FolderLock.create(folder);
    FolderLock lock = FolderLock.acquire(folder);
    Path file = folder.toAbsolutePath().normalize().resolve(Stores.FILE);
    Path part = file.resolveSibling(Stores.FILE + ".import");
    try {
      if (Files.exists(file)) {
        throw new StoreException(
            file
                + " already exists, and an import fills only a new store: the order of the journal"
                + " would change. Choose an empty directory");
      }
      if (Files.exists(SqliteLog.of(file))) {
        throw new StoreException(
            SqliteLog.of(file)
                + " is the log of a store that was here, and would become part of the new one."
                + " Choose an empty directory");
      }
      delete(part);
      return new SqliteImport(lock, file, part, writer(part));
    } catch (SQLException e) {
      lock.close();
      throw SqliteFailure.of(part, "write to", e);
    } catch (IOException e) {
      lock.close();
      throw new StoreException("Cannot write to " + part + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void delete(Path part) throws IOException {
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(part.resolveSibling(part.getFileName() + end));
    }
  }

  private static SqliteWriter writer(Path part) throws SQLException, IOException {
    PrivateFiles.open(part).close();
    Connection connection = SqliteConnections.connect(part, false);
    try (Statement statement = connection.createStatement()) {
      SqliteSchema.prepare(connection, part);
      // It counts only as a whole, and is flushed as a whole.
      statement.execute("PRAGMA synchronous = OFF");
      return new SqliteWriter(part, connection, SqliteSegments.SegmentBounds.DEFAULT);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public @Nullable Instant latest() {
    return latest;
  }

  @Override
  public boolean add(Event event) {
    Instant before = latest;
    if (before != null && event.received().isBefore(before)) {
      throw new IllegalArgumentException("received before the event before it");
    }
    latest = event.received();
    if (!batchIds.add(event.id()) || !writer.known(Set.of(event.id())).isEmpty()) {
      return false;
    }
    batch.add(new JournalEntry.EventEntry(++sequence, EncodedEvent.of(event)));
    if (batch.size() == BATCH) {
      write();
    }
    return true;
  }

  private void write() {
    writer.commit(Commit.ofEntries(List.copyOf(batch)), CheckpointSlice.NONE);
    batch.clear();
    batchIds.clear();
  }

  @Override
  public void finish() {
    write();
    try {
      isClosed = true;
      writer.close();
      DurableFiles.moveNew(part, file);
    } catch (SQLException e) {
      throw SqliteFailure.of(part, "write to", e);
    } catch (IOException e) {
      throw new StoreException("Cannot write to " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (!isClosed) {
        writer.close();
      }
      delete(part);
    } catch (SQLException e) {
      throw SqliteFailure.of(part, "close", e);
    } catch (IOException e) {
      throw new StoreException("Cannot delete " + part + ": " + e.getMessage(), e);
    } finally {
      lock.close();
    }
  }
}
