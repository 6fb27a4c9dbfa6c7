package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.SqliteRows.instant;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.runtime.StatePage;
import dev.tocsin.wire.EncodedEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * A store in one SQLite file, {@value #FILE}, of a data folder that belongs to one process. Its
 * write-ahead log lets readers go on beside the writer; {@code synchronous=FULL} makes a commit
 * wait for the disk (sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous).
 */
public final class SqliteStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** The file's name in the data folder. */
  public static final String FILE = "tocsin.db";

  private static final int KEYS_AT_ONCE = 100;

  /** The sequence number of the last entry of the journal, or 0. */
  static final String LAST_SEQUENCE =
      """
      SELECT MAX(COALESCE((SELECT MAX(sequence) FROM entry), 0),
                 COALESCE((SELECT MAX(last) FROM segment), 0))\
      """;

  /** Up to which sequence number entries have been taken away, or 0. */
  static final String DROPPED_UP_TO =
      "SELECT COALESCE(MAX(last), 0) FROM segment WHERE state IN ('dropping', 'dropped')";

  /**
   * Entries of the journal after a sequence number, with a limit; of dropped segments only those
   * with a subject that are left.
   */
  static final String JOURNAL =
      """
      SELECT sequence, received, kind, subject, depth, origin, body FROM entry
      WHERE sequence > ?1 AND (sequence > (%s) OR subject IS NOT NULL)
      ORDER BY sequence LIMIT ?2\
      """
          .formatted(DROPPED_UP_TO);

  private static final String IN_FORCE =
      """
      SELECT sequence, received, kind, subject, body FROM entry
      WHERE sequence IN (SELECT MAX(sequence) FROM entry
                         WHERE kind = %d AND subject IS NOT NULL AND sequence <= ?
                         GROUP BY subject)
      ORDER BY sequence\
      """
          .formatted(EntryCodec.DECLARED);

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
  private final AliveMark mark;
  private final RenewedWriter writer;
  private final SqliteReaders readers;
  private final SqliteReaders pages;
  private final AtomicReference<@Nullable StoreException> damage = new AtomicReference<>();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private SqliteStore(
      Path file,
      FolderLock lock,
      RenewedWriter writer,
      SqliteReaders readers,
      SqliteReaders pages) {
    this.file = file;
    this.lock = lock;
    this.mark = new AliveMark(file.resolveSibling(AliveMark.FILE));
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
    return open(folder, Tuning.DEFAULT);
  }

  /**
   * What a test sets.
   *
   * @param segments when a segment is sealed
   * @param mostPages of the file, asked for each connection that writes
   */
  record Tuning(SqliteSegments.Bounds segments, LongSupplier mostPages) {
    static final Tuning DEFAULT =
        new Tuning(SqliteSegments.Bounds.DEFAULT, () -> 0xffff_fffeL); // SQLite's own limit
  }

  /** The same for a test. */
  static SqliteStore open(Path folder, Tuning tuning) {
    FolderLock.create(folder);
    FolderLock lock = FolderLock.acquire(folder);
    Path file = folder.toAbsolutePath().normalize().resolve(FILE);
    List<AutoCloseable> opened = new ArrayList<>(List.of(lock));
    try {
      SqliteLog.check(file);
      if (SqliteLog.isLeft(file)) {
        try (Connection reading = connect(file, true)) {
          SqliteSchema.checkUntouched(reading, file);
        }
      }
      Connection connection = connect(file, false);
      opened.add(connection);
      SqliteSchema.prepare(connection, file);
      RenewedWriter writer =
          new RenewedWriter(
              file, writer(file, connection, tuning), () -> writer(file, reconnect(file), tuning));
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

  private static SqliteWriter writer(Path file, Connection connection, Tuning tuning)
      throws SQLException {
    try {
      set(connection, WRITING);
      set(connection, "max_page_count = " + tuning.mostPages().getAsLong());
      return new SqliteWriter(file, connection, tuning.segments());
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
    return read(readers, reader -> reader.number(LAST_SEQUENCE));
  }

  @Override
  public Set<String> known(Collection<String> ids) {
    return write(it -> it.known(ids));
  }

  @Override
  public void commit(Commit commit, CheckpointSlice slice) {
    if (!commit.isEmpty() || !slice.isEmpty()) {
      run(it -> it.commit(commit, slice));
    }
  }

  @Override
  public @Nullable Event event(String id) {
    EncodedEvent found =
        readFirst(
            "SELECT received, depth, origin, body FROM entry WHERE id = ?", SqliteRows::event, id);
    return found == null ? null : found.event();
  }

  @Override
  public byte @Nullable [] eventJson(String id) {
    return readFirst("SELECT received, body FROM entry WHERE id = ?", SqliteRows::eventJson, id);
  }

  @Override
  public Map<String, Event> events(Collection<String> ids) {
    return byKey(
        "SELECT received, depth, origin, body FROM entry WHERE id",
        ids,
        row -> SqliteRows.event(row).event(),
        Event::id);
  }

  /** Rows of a query that ends with the column of the keys, read some keys at a time. */
  private <T> Map<String, T> byKey(
      String query,
      Collection<String> keys,
      SqliteReader.RowMapper<T> mapper,
      Function<T, String> key) {
    Map<String, T> found = new HashMap<>();
    List<String> asked = List.copyOf(keys);
    for (int from = 0; from < asked.size(); from += KEYS_AT_ONCE) {
      List<String> some = asked.subList(from, Math.min(from + KEYS_AT_ONCE, asked.size()));
      readRows(query + " IN (?" + ",?".repeat(some.size() - 1) + ")", mapper, some.toArray())
          .forEach(row -> found.put(key.apply(row), row));
    }
    return found;
  }

  @Override
  public EventPage events(EventQuery query) {
    String cursor = query.cursor();
    EventCursor from = cursor == null ? null : EventCursor.of(cursor);
    return read(pages, reader -> reader.events(query, from));
  }

  @Override
  public List<JournalEntry> journal(long afterSequence, int limit) {
    return readPage(JOURNAL, SqliteStore::entry, afterSequence, limit);
  }

  /** The entry of a row of {@link #JOURNAL}. */
  static JournalEntry entry(ResultSet row) throws SQLException {
    long sequence = row.getLong("sequence");
    int kind = row.getInt("kind");
    return kind == EntryCodec.EVENT
        ? new JournalEntry.EventEntry(sequence, SqliteRows.event(row))
        : EntryCodec.decode(
            kind,
            sequence,
            instant(row.getLong("received")),
            row.getString("subject"),
            row.getBytes("body"));
  }

  @Override
  public List<JournalEntry.DeclaredEntry> inForce(long sequence) {
    return readRows(IN_FORCE, SqliteStore::entry, sequence).stream()
        .map(JournalEntry.DeclaredEntry.class::cast)
        .toList();
  }

  @Override
  public @Nullable StoredDefinition definition(String fingerprint) {
    return definitions(List.of(fingerprint)).get(fingerprint);
  }

  @Override
  public Map<String, StoredDefinition> definitions(Collection<String> fingerprints) {
    return byKey(
        "SELECT fingerprint, body FROM definition WHERE fingerprint",
        fingerprints,
        row -> new StoredDefinition(row.getString("fingerprint"), row.getString("body")),
        StoredDefinition::fingerprint);
  }

  @Override
  public List<FeedbackEvent> feedback(long afterPosition, int limit) {
    return readPage(
        """
        SELECT position, depth, origin, body FROM feedback
        WHERE position > ? ORDER BY position LIMIT ?\
        """,
        row -> new FeedbackEvent(row.getLong("position"), SqliteRows.waitingEvent(row)),
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
        SELECT position, id, firing, definition, list, action, destination, body FROM invocation
        WHERE outcome IS NULL AND destination = ? AND position > ?
        ORDER BY position LIMIT ?\
        """,
        row ->
            new StoredInvocation(
                row.getLong("position"),
                row.getString("id"),
                row.getString("firing"),
                row.getString("definition"),
                row.getString("list"),
                row.getInt("action"),
                row.getString("destination"),
                row.getString("body")),
        destination,
        afterPosition,
        limit);
  }

  @Override
  public long pendingCount() {
    return read(
        readers, reader -> reader.number("SELECT COUNT(*) FROM invocation WHERE outcome IS NULL"));
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
  public @Nullable StoredCheckpoint checkpoint() {
    return readFirst(
        "SELECT sequence, clock, head, first, last FROM checkpoint",
        row ->
            new StoredCheckpoint(
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
  public void save(CheckpointSlice slice) {
    if (!slice.isEmpty()) {
      run(it -> it.save(slice));
    }
  }

  @Override
  public RetentionStep drop(RetentionLimits limits, Instant now, int maxRows) {
    return write(it -> it.drop(limits, now, maxRows));
  }

  @Override
  public long droppedUpTo() {
    return read(readers, reader -> reader.number(DROPPED_UP_TO));
  }

  @Override
  public StoreSize size() {
    return read(readers, SqliteReader::size);
  }

  @Override
  public @Nullable Alive alive() {
    return mark.read();
  }

  @Override
  public void markAlive(Alive alive) {
    mark.write(alive);
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

  private <T> T read(SqliteReaders from, SqliteReaders.Query<T> query) {
    return sound(() -> from.read(query));
  }

  private <T> T write(Function<SqliteWriter, T> work) {
    return sound(() -> writer.write(work));
  }

  private void run(Consumer<SqliteWriter> work) {
    var _ =
        write(
            it -> {
              work.accept(it);
              return true;
            });
  }

  /**
   * Once damage was met nothing more is read or written: what is acknowledged must be there, and
   * who writes on may lose more.
   */
  private <T> T sound(Supplier<T> access) {
    StoreException met = damage.get();
    if (met != null) {
      throw new StoreException(
          "Nothing more is read from or written to " + file + ": " + SqliteFailure.DAMAGED, met);
    }
    try {
      return access.get();
    } catch (StoreException failure) {
      if (SqliteFailure.isDamage(failure.getCause()) && damage.compareAndSet(null, failure)) {
        LOG.error("The store stops here: {}", failure.getMessage());
      }
      throw failure;
    }
  }

  private <T> List<T> readRows(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    return read(readers, reader -> reader.rows(query, mapper, parameters));
  }

  private <T> List<T> readPage(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    return read(readers, reader -> reader.page(query, mapper, parameters));
  }

  private <T> @Nullable T readFirst(
      String query, SqliteReader.RowMapper<T> mapper, Object... parameters) {
    List<T> rows = readRows(query, mapper, parameters);
    return rows.isEmpty() ? null : rows.getFirst();
  }
}
