package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means to an operator. */
final class SqliteFailure {

  private SqliteFailure() {}

  /**
   * The exception to throw.
   *
   * @param doing what could not be done, as in "write to"
   */
  static StoreException of(Path file, String doing, SQLException e) {
    return new StoreException(
        "Cannot " + doing + " " + file + ": " + advice(file, e) + " [" + e.getMessage() + "]", e);
  }

  private static String advice(Path file, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException it ? it.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    // The low byte is the kind, what is above only tells its variants apart.
    int kind = code.code & 0xff;
    if (kind == SQLiteErrorCode.SQLITE_FULL.code) {
      return "the disk is full; free some space, nothing that was accepted is lost";
    }
    if (kind == SQLiteErrorCode.SQLITE_NOTADB.code || kind == SQLiteErrorCode.SQLITE_CORRUPT.code) {
      return "the file is damaged or no SQLite database; restore it from a copy, or move it and "
          + file.getFileName()
          + "-wal out of the way to start anew";
    }
    if (kind == SQLiteErrorCode.SQLITE_READONLY.code
        || kind == SQLiteErrorCode.SQLITE_CANTOPEN.code
        || kind == SQLiteErrorCode.SQLITE_PERM.code) {
      return "file or folder cannot be written by this user; change their owner or mode";
    }
    if (kind == SQLiteErrorCode.SQLITE_BUSY.code || kind == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return "another program holds a lock on it; end that program";
    }
    if (kind == SQLiteErrorCode.SQLITE_IOERR.code) {
      return "reading or writing the disk failed; look at the system's log";
    }
    return "the database refused it";
  }
}
