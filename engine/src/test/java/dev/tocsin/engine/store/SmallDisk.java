package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk for one store that holds so many pages and no more, until there is room again. A
 * connection learns of it when it is opened, as the store's writer is after each failure.
 */
public final class SmallDisk {

  private final AtomicLong mostPages;

  /** With room for so many pages of 4,096 bytes. */
  public SmallDisk(long pages) {
    mostPages = new AtomicLong(pages);
  }

  /** From now on there is room for what comes. */
  public void makeRoom() {
    mostPages.set(SqliteTuning.DEFAULT.maxPages().getAsLong());
  }

  /** Opens the store of a folder on this disk. */
  public Store open(Path folder) {
    return SqliteStore.open(
        folder, new SqliteTuning(SqliteSegments.SegmentBounds.DEFAULT, mostPages::get));
  }
}
