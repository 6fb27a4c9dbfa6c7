package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means to an operator. */
final class SqliteFailure {

  /** What to do about a damaged file. */
  static final String DAMAGED =
      "the file is damaged or not a SQLite database. Run 'tocsin store check' for details, move the"
          + " file, its -wal and its -shm away, and restore a backup";

  private SqliteFailure() {}

  /**
   * The exception to throw.
   *
   * @param doing what could not be done, as in "write to"
   */
  static StoreException of(Path file, String doing, SQLException e) {
    return new StoreException(
        "Cannot " + doing + " " + file + ": " + advice(e) + " [" + e.getMessage() + "]", e);
  }

  /** Whether the file itself is at fault. */
  static boolean isDamage(@Nullable Throwable e) {
    return e instanceof SQLException failure
        && (kind(failure) == SQLiteErrorCode.SQLITE_NOTADB.code
            || kind(failure) == SQLiteErrorCode.SQLITE_CORRUPT.code);
  }

  /** Whether a file cannot be written or created. */
  static boolean isUnwritable(SQLException e) {
    int kind = kind(e);
    return kind == SQLiteErrorCode.SQLITE_READONLY.code
        || kind == SQLiteErrorCode.SQLITE_CANTOPEN.code
        || kind == SQLiteErrorCode.SQLITE_PERM.code;
  }

  /** Whether the file is damaged or the disk failed. */
  static boolean isOfFile(SQLException e) {
    return isDamage(e) || kind(e) == SQLiteErrorCode.SQLITE_IOERR.code;
  }

  /** The low byte is the kind, the rest only distinguishes its variants. */
  private static int kind(SQLException e) {
    return e instanceof SQLiteException it ? it.getResultCode().code & 0xff : -1;
  }

  private static String advice(SQLException e) {
    int kind = kind(e);
    if (kind == SQLiteErrorCode.SQLITE_FULL.code) {
      return "the disk is full. Free some space; nothing that was acknowledged is lost";
    }
    if (isDamage(e)) {
      return DAMAGED;
    }
    if (isUnwritable(e)) {
      return "this user cannot write the file or its directory. Change their owner or mode";
    }
    if (kind == SQLiteErrorCode.SQLITE_BUSY.code || kind == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return "another program has locked it. Stop that program";
    }
    if (kind == SQLiteErrorCode.SQLITE_IOERR.code) {
      return "the disk failed to read or write. See the system log";
    }
    return "the database rejected the operation";
  }
}
