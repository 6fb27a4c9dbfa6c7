package dev.tocsin.engine.store;

import java.nio.file.Path;

/**
 * Opens stores. A location is a data directory with a SQLite database; another kind of location
 * would be another implementation behind the same interfaces.
 */
public final class Stores {

  /** Name of the SQLite database in a data directory. */
  public static final String FILE = "tocsin.db";

  private Stores() {}

  /**
   * Opens the store in a data directory, which is created if it is missing and then belongs to this
   * process.
   *
   * @throws StoreException if another process uses the directory, it cannot be written, or its file
   *     is damaged, another program's, or of another layout
   */
  public static Store open(Path directory) {
    return SqliteStore.open(directory, SqliteTuning.DEFAULT);
  }

  /** What an operator does with the store in a data directory; opens nothing yet. */
  public static StoreAdmin admin(Path directory) {
    return new SqliteAdmin(directory);
  }
}
