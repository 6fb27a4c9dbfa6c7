package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The connections to the database of a data directory, which belongs to this process: one that
 * writes, some that read. The write-ahead log lets readers work beside the writer; {@code
 * synchronous=FULL} makes a commit wait for the disk (sqlite.org/wal.html,
 * sqlite.org/pragma.html#pragma_synchronous).
 */
final class SqliteConnections implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteConnections.class);

  /** For what the engine reads itself, a little each time. */
  private static final int READERS = 4;

  /**
   * For lists of events: they may scan the whole journal, and must not block the engine. As many as
   * the server's threads for lists.
   */
  private static final int LIST_READERS = 2;

  private static final int KEYS_AT_ONCE = 100;

  /**
   * The log is copied into the file every 64 MB (16,384 pages) instead of every 4, since a page
   * that many commits change is then written to its place once. Reading a log of that size after a
   * crash takes well under a second.
   */
  private static final String[] WRITING = {
    "synchronous = FULL",
    "wal_autocheckpoint = 16384",
    "journal_size_limit = 67108864",
    "cache_size = -65536",
  };

  private final Path file;
  private final FolderLock lock;
  private final OpenFiles files;
  private final RenewedWriter writer;
  private final SqliteReaders readers;
  private final SqliteReaders listReaders;
  private final DamageGuard damage;
  private final AtomicBoolean isLogCopied = new AtomicBoolean();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private SqliteConnections(
      FolderLock lock,
      OpenFiles files,
      RenewedWriter writer,
      SqliteReaders readers,
      SqliteReaders listReaders) {
    this.file = files.database().path();
    this.lock = lock;
    this.files = files;
    this.writer = writer;
    this.readers = readers;
    this.listReaders = listReaders;
    this.damage = new DamageGuard(file);
  }

  /** Opens those of a directory, which is created if it is missing. */
  static SqliteConnections open(Path directory, SqliteTuning tuning) {
    FolderLock.create(directory);
    FolderLock lock = FolderLock.acquire(directory);
    Path file = directory.toAbsolutePath().normalize().resolve(Stores.FILE);
    List<AutoCloseable> opened = new ArrayList<>(List.of(lock));
    try {
      SqliteLog.check(file);
      if (SqliteLog.isLeft(file)) {
        try (Connection reading = connect(file, true)) {
          SqliteSchema.checkUntouched(reading, file);
        }
      }
      FileClaim claim = lock.claim(file);
      Connection connection = connect(file, false);
      opened.add(connection);
      SqliteSchema.prepare(connection, file);
      // The first read creates the log, and takes the lock that the claim relies on.
      SqliteSchema.check(connection, file);
      FolderLock.renew(claim, file);
      OpenFiles files = OpenFiles.of(file, claim.identity(), lock.file());
      RenewedWriter writer =
          new RenewedWriter(
              file,
              writer(file, connection, tuning),
              () -> {
                files.check();
                return writer(file, reconnect(file), tuning);
              });
      SqliteReaders readers = readers(file, READERS, opened);
      SqliteReaders listReaders = readers(file, LIST_READERS, opened);
      return new SqliteConnections(lock, files, writer, readers, listReaders);
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
      SqliteReader reader = reader(file);
      opened.add(reader);
      readers.add(reader);
    }
    return new SqliteReaders(file, readers, () -> reader(file));
  }

  /**
   * Reads once, so that the connection has SQLite's lock, on which the {@link FileClaim} relies.
   */
  private static SqliteReader reader(Path file) throws SQLException {
    Connection connection = connect(file, true);
    try {
      SqliteSchema.check(connection, file);
      return new SqliteReader(connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static SqliteWriter writer(Path file, Connection connection, SqliteTuning tuning)
      throws SQLException {
    try {
      set(connection, WRITING);
      set(connection, "max_page_count = " + tuning.maxPages().getAsLong());
      return new SqliteWriter(file, connection, tuning.segments());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Does not create the file again if it was removed. */
  private static Connection reconnect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** A connection to a database file. */
  static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** A connection that reads a file which nobody changes meanwhile, and creates none beside it. */
  static Connection connectUnchanging(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    return config.createConnection("jdbc:sqlite:" + file.toUri() + "?immutable=1");
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

  /** The database file. */
  Path file() {
    return file;
  }

  /** Reads with a connection of the engine's. */
  <T> T read(SqliteReaders.Query<T> query) {
    return damage.access(() -> readers.read(query));
  }

  /** Reads a list that may take long, until it is abandoned: see {@link SqliteReaders#read}. */
  <T> T readList(SqliteReaders.Query<T> query, BooleanSupplier isAbandoned) {
    return damage.access(() -> listReaders.read(query, isAbandoned), () -> listReaders.read(query));
  }

  /** All rows of a query, each mapped to a value. */
  <T> List<T> rows(String query, SqliteReader.RowMapper<@Nullable T> mapper, Object... parameters) {
    return read(reader -> reader.rows(query, mapper, parameters));
  }

  /** The first rows of a query with a column {@code body}, until they have a page's bytes. */
  <T> List<T> page(String query, SqliteReader.RowMapper<@Nullable T> mapper, Object... parameters) {
    return read(reader -> reader.page(query, mapper, parameters));
  }

  /** The first row of a query, or null. */
  <T> @Nullable T first(
      String query, SqliteReader.RowMapper<@Nullable T> mapper, Object... parameters) {
    List<T> rows = rows(query, mapper, parameters);
    return rows.isEmpty() ? null : rows.getFirst();
  }

  /** Rows by key, some keys at a time, of a query that ends with the column of the keys. */
  <T> Map<String, T> byKey(
      String query,
      Collection<String> keys,
      SqliteReader.RowMapper<@Nullable T> mapper,
      Function<T, String> key) {
    Map<String, T> found = new HashMap<>();
    List<String> asked = List.copyOf(keys);
    for (int from = 0; from < asked.size(); from += KEYS_AT_ONCE) {
      List<String> some = asked.subList(from, Math.min(from + KEYS_AT_ONCE, asked.size()));
      rows(query + " IN (?" + ",?".repeat(some.size() - 1) + ")", mapper, some.toArray())
          .forEach(row -> found.put(key.apply(row), row));
    }
    return found;
  }

  /**
   * Writes, and returns a value once it is certain that what was written is in the files at the
   * paths.
   */
  <T> T write(Function<SqliteWriter, T> work) {
    return damage.access(
        () -> {
          checkFiles();
          T written = writer.write(work);
          checkFiles();
          return written;
        });
  }

  /** Writes. */
  void run(Consumer<SqliteWriter> work) {
    var _ =
        write(
            it -> {
              work.accept(it);
              return true;
            });
  }

  /**
   * Refuses if the paths do not lead to the files that are open, or the file is damaged.
   *
   * @throws StoreException that says what to do
   */
  void check() {
    var _ =
        damage.access(
            () -> {
              checkFiles();
              return true;
            });
  }

  /** A log that was deleted is copied into the database at once: so a kill does not lose it. */
  private void checkFiles() {
    try {
      files.check();
    } catch (StoreException changed) {
      if (files.lacksOnlyLog() && isLogCopied.compareAndSet(false, true)) {
        writer.run(SqliteWriter::copyLog);
      }
      throw changed;
    }
  }

  /** Waits for reads and writes in progress, then closes the file and releases the directory. */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    if (!files.mayClose()) {
      LOG.warn("Left open until this process ends, to change nothing at its path: {}", file);
      return;
    }
    StoreException failure = new StoreException("Cannot close " + file);
    if (closed(List.of(lock, writer, readers, listReaders), failure).getSuppressed().length > 0) {
      throw failure;
    }
  }
}
