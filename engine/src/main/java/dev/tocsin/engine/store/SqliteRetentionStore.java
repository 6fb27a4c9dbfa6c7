package dev.tocsin.engine.store;

import java.time.Instant;

/** Size and retention of a SQLite database. */
interface SqliteRetentionStore extends RetentionStore {

  /** The connections of the store. */
  SqliteConnections connections();

  @Override
  default RetentionStep drop(RetentionLimits limits, Instant now, int maxRows) {
    return connections().write(it -> it.drop(limits, now, maxRows));
  }

  @Override
  default StoreSize size() {
    return connections().read(SqliteReader::size);
  }
}
