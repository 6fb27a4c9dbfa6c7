package dev.tocsin.engine.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A store in the SQLite database of a data directory. */
final class SqliteStore
    implements Store, SqliteJournal, SqliteOutbox, SqliteCheckpoints, SqliteRetentionStore {

  private final SqliteConnections connections;
  private final UnreadableRows unreadable = new UnreadableRows();
  private final AliveMark mark;

  private SqliteStore(SqliteConnections connections) {
    this.connections = connections;
    this.mark = new AliveMark(connections.file().resolveSibling(AliveMark.FILE));
  }

  static SqliteStore open(Path directory, SqliteTuning tuning) {
    return new SqliteStore(SqliteConnections.open(directory, tuning));
  }

  @Override
  public SqliteConnections connections() {
    return connections;
  }

  @Override
  public UnreadableRows unreadable() {
    return unreadable;
  }

  @Override
  public @Nullable Alive alive() {
    return mark.read();
  }

  @Override
  public void check() {
    connections.check();
  }

  @Override
  public void markAlive(Alive alive) {
    check();
    mark.write(alive);
  }

  @Override
  public String description() {
    return "SQLite " + connections.file();
  }

  @Override
  public void close() {
    connections.close();
  }
}
