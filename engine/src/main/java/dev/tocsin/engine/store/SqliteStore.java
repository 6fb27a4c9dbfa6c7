package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.StatePage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * A store in one SQLite file, {@value #FILE}, of a data folder that belongs to one process. Its
 * write-ahead log lets readers go on beside the writer; {@code synchronous=FULL} makes a commit
 * wait for the disk (sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous).
 */
public final class SqliteStore implements Store {

  /** The file's name in the data folder. */
  public static final String FILE = "tocsin.db";

  private static final int IDS_AT_ONCE = 100;

  /** The sequence number of the last entry of the journal, or 0. */
  static final String LAST_SEQUENCE =
      """
      SELECT MAX(COALESCE((SELECT MAX(sequence) FROM event), 0),
                 COALESCE((SELECT MAX(sequence) FROM tick), 0),
                 COALESCE((SELECT MAX(sequence) FROM pause), 0))\
      """;

  /** Entries of the journal after a sequence number, at most so many. */
  static final String JOURNAL =
      """
      SELECT 'event' AS kind, sequence, received, depth, origin, body,
             NULL AS automation, NULL AS paused
      FROM event WHERE sequence > ?1
      UNION ALL
      SELECT 'tick', sequence, received, NULL, NULL, NULL, NULL, NULL
      FROM tick WHERE sequence > ?1
      UNION ALL
      SELECT 'pause', sequence, received, NULL, NULL, NULL, automation, paused
      FROM pause WHERE sequence > ?1
      ORDER BY sequence LIMIT ?2\
      """;

  /** For what the engine reads itself, each time little. */
  private static final int READERS = 4;

  /** For lists of events: they may scan all, and must not keep the engine from reading. */
  private static final int PAGE_READERS = 2;

  /**
   * Pages of the log are copied into the file each 64 MB (16,384 pages) rather than each 4, since a
   * page that many commits change is then written to its place once. The log that a crash leaves is
   * read at the next start, which at that size takes well under a second.
   */
  private static final String[] WRITING = {
    "synchronous = FULL",
    "wal_autocheckpoint = 16384",
    "journal_size_limit = 67108864",
    "cache_size = -65536",
  };

  private final Path file;
  private final FolderLock lock;
  private final RenewedWriter writer;
  private final SqliteReaders readers;
  private final SqliteReaders pages;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private SqliteStore(
      Path file,
      FolderLock lock,
      RenewedWriter writer,
      SqliteReaders readers,
      SqliteReaders pages) {
    this.file = file;
    this.lock = lock;
    this.writer = writer;
    this.readers = readers;
    this.pages = pages;
  }

  /**
   * Opens the store in a data folder, which is created where it is missing.
   *
   * @throws StoreException where another process uses the folder, it cannot be written, or its file
   *     is damaged, another program's or a newer version's
   */
  public static SqliteStore open(Path folder) {
    FolderLock.create(folder);
    FolderLock lock = FolderLock.acquire(folder);
    Path file = folder.toAbsolutePath().normalize().resolve(FILE);
    List<AutoCloseable> opened = new ArrayList<>(List.of(lock));
    try {
      Connection connection = connect(file, false);
      opened.add(connection);
      SqliteSchema.prepare(connection, file);
      RenewedWriter writer =
          new RenewedWriter(file, writer(file, connection), () -> writer(file, reconnect(file)));
      SqliteReaders readers = readers(file, READERS, opened);
      SqliteReaders pages = readers(file, PAGE_READERS, opened);
      return new SqliteStore(file, lock, writer, readers, pages);
    } catch (SQLException e) {
      throw closed(opened, SqliteFailure.of(file, "open", e));
    } catch (RuntimeException e) {
      throw closed(opened, e);
    }
  }

  private static SqliteReaders readers(Path file, int count, List<AutoCloseable> opened)
      throws SQLException {
    List<SqliteReader> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Connection connection = connect(file, true);
      opened.add(connection);
      readers.add(new SqliteReader(connection));
    }
    return new SqliteReaders(file, readers);
  }

  private static SqliteWriter writer(Path file, Connection connection) throws SQLException {
    try {
      set(connection, WRITING);
      return new SqliteWriter(file, connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Does not make the file anew where it has been taken away. */
  private static Connection reconnect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** A connection to the file. */
  static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private static void set(Connection connection, String... settings) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String setting : settings) {
        statement.execute("PRAGMA " + setting);
      }
    }
  }

  private static <E extends RuntimeException> E closed(List<AutoCloseable> opened, E failure) {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  @Override
  public long lastSequence() {
    return readers.read(reader -> reader.number(LAST_SEQUENCE));
  }

  @Override
  public Set<String> known(Collection<String> ids) {
    return writer.write(it -> it.known(ids));
  }

  @Override
  public void commit(Commit commit, CheckpointSlice slice) {
    if (!commit.isEmpty() || !slice.isEmpty()) {
      writer.run(it -> it.commit(commit, slice));
    }
  }

  @Override
  public @Nullable Event event(String id) {
    return readFirst("SELECT depth, origin, body FROM event WHERE id = ?", SqliteRows::event, id);
  }

  @Override
  public Map<String, Event> events(Collection<String> ids) {
    Map<String, Event> found = new HashMap<>();
    List<String> asked = List.copyOf(ids);
    for (int from = 0; from < asked.size(); from += IDS_AT_ONCE) {
      List<String> some = asked.subList(from, Math.min(from + IDS_AT_ONCE, asked.size()));
      List<Event> events =
          readRows(
              "SELECT depth, origin, body FROM event WHERE id IN (?"
                  + ",?".repeat(some.size() - 1)
                  + ")",
              SqliteRows::event,
              some.toArray());
      events.forEach(event -> found.put(event.id(), event));
    }
    return found;
  }

  @Override
  public EventPage events(EventQuery query) {
    String cursor = query.cursor();
    EventCursor from = cursor == null ? null : EventCursor.of(cursor);
    return pages.read(reader -> reader.events(query, from));
  }

  @Override
  public List<JournalEntry> journal(long afterSequence, int limit) {
    return readPage(JOURNAL, SqliteStore::entry, afterSequence, limit);
  }

  /** The entry of a row of {@link #JOURNAL}. */
  static JournalEntry entry(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    return switch (row.getString("kind")) {
      case "event" -> new JournalEntry.EventEntry(sequence, SqliteRows.event(row));
      case "tick" -> new JournalEntry.TickEntry(sequence, instant(row.getLong("received")));
      default ->
          new JournalEntry.PauseEntry(
              sequence,
              instant(row.getLong("received")),
              row.getString("automation"),
              row.getBoolean("paused"));
    };
  }

  @Override
  public Set<String> paused() {
    return new LinkedHashSet<>(
        readRows(
            """
            SELECT automation FROM
              (SELECT automation, paused, MAX(sequence) AS latest FROM pause GROUP BY automation)
            WHERE paused ORDER BY latest\
            """,
            row -> row.getString(1)));
  }

  @Override
  public List<FeedbackEvent> feedback(long afterPosition, int limit) {
    return readPage(
        """
        SELECT position, depth, origin, body FROM feedback
        WHERE position > ? ORDER BY position LIMIT ?\
        """,
        row -> new FeedbackEvent(row.getLong("position"), SqliteRows.event(row)),
        afterPosition,
        limit);
  }

  /** Steps from one destination to the next along the index, past all that waits for each. */
  @Override
  public List<String> destinationsWithWork() {
    return readRows(
        """
        WITH RECURSIVE waiting (name) AS (
          SELECT MIN(destination) FROM invocation WHERE outcome IS NULL
          UNION ALL
          SELECT (SELECT MIN(destination) FROM invocation
                  WHERE outcome IS NULL AND destination > name)
          FROM waiting WHERE name IS NOT NULL)
        SELECT name FROM waiting WHERE name IS NOT NULL
        ORDER BY (SELECT MIN(position) FROM invocation
                  WHERE outcome IS NULL AND destination = name)\
        """,
        row -> row.getString(1));
  }

  @Override
  public List<StoredInvocation> pending(String destination, long afterPosition, int limit) {
    return readRows(
        """
        SELECT position, id, firing, action, destination, body FROM invocation
        WHERE outcome IS NULL AND destination = ? AND position > ?
        ORDER BY position LIMIT ?\
        """,
        row ->
            new StoredInvocation(
                row.getLong("position"),
                row.getString("id"),
                row.getString("firing"),
                row.getInt("action"),
                row.getString("destination"),
                row.getString("body")),
        destination,
        afterPosition,
        limit);
  }

  @Override
  public long pendingCount() {
    return readers.read(
        reader -> reader.number("SELECT COUNT(*) FROM invocation WHERE outcome IS NULL"));
  }

  @Override
  public @Nullable InvocationResult result(String invocation) {
    return readFirst(
        """
        SELECT id, outcome, finished, result FROM invocation
        WHERE id = ? AND outcome IS NOT NULL\
        """,
        row ->
            new InvocationResult(
                row.getString("id"),
                row.getString("outcome"),
                instant(row.getLong("finished")),
                row.getString("result")),
        invocation);
  }

  @Override
  public @Nullable StoredFiring firing(String id) {
    return readFirst(
        "SELECT id, sequence, automation, state, triggered, event, body FROM firing WHERE id = ?",
        row ->
            new StoredFiring(
                row.getString("id"),
                row.getLong("sequence"),
                row.getString("automation"),
                row.getString("state"),
                instant(row.getLong("triggered")),
                row.getString("event"),
                row.getString("body")),
        id);
  }

  @Override
  public @Nullable Checkpoint checkpoint() {
    return readFirst(
        "SELECT sequence, clock, head, first, last FROM checkpoint",
        row ->
            new Checkpoint(
                row.getLong("sequence"),
                instant(row.getLong("clock")),
                row.getString("head"),
                row.getLong("first"),
                row.getLong("last")));
  }

  @Override
  public List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit) {
    return readRows(
        """
        SELECT place, body FROM checkpoint_page
        WHERE place > ? AND place <= ? ORDER BY place LIMIT ?\
        """,
        row -> new CheckpointPage(row.getLong("place"), StatePage.of(row.getBytes("body"))),
        afterPlace,
        lastPlace,
        limit);
  }

  @Override
  public @Nullable TextCheckpoint textCheckpoint() {
    List<TextCheckpoint.Part> parts =
        readRows(
            "SELECT owner, key, state FROM checkpoint_part_text ORDER BY place",
            row ->
                new TextCheckpoint.Part(
                    row.getString("owner"), row.getString("key"), row.getString("state")));
    return readFirst(
        "SELECT sequence, clock FROM checkpoint_text",
        row -> new TextCheckpoint(row.getLong("sequence"), instant(row.getLong("clock")), parts));
  }

  @Override
  public void save(CheckpointSlice slice) {
    if (!slice.isEmpty()) {
      writer.run(it -> it.save(slice));
    }
  }

  @Override
  public String description() {
    return "SQLite " + file;
  }

  /** Waits for reads under way, then closes the file and gives the folder back. */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    StoreException failure = new StoreException("Cannot close " + file);
    if (closed(List.of(lock, writer, readers, pages), failure).getSuppressed().length > 0) {
      throw failure;
    }
  }

  private <T> List<T> readRows(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    return readers.read(reader -> reader.rows(query, mapper, parameters));
  }

  private <T> List<T> readPage(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    return readers.read(reader -> reader.page(query, mapper, parameters));
  }

  private <T> @Nullable T readFirst(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    List<T> rows = readRows(query, mapper, parameters);
    return rows.isEmpty() ? null : rows.getFirst();
  }
}
