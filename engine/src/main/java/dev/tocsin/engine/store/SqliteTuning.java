package dev.tocsin.engine.store;

import java.util.function.LongSupplier;

/**
 * What a test of the store sets.
 *
 * @param segments when a segment is sealed
 * @param maxPages of the file, asked for each connection that writes
 */
record SqliteTuning(SqliteSegments.SegmentBounds segments, LongSupplier maxPages) {

  /** SQLite's own maximum size. */
  static final SqliteTuning DEFAULT =
      new SqliteTuning(SqliteSegments.SegmentBounds.DEFAULT, () -> 0xffff_fffeL);
}
