package dev.tocsin.engine.store;

import java.nio.file.Path;

/**
 * What an operator does with a stored state. Reads take no lock and work beside a running daemon.
 * Every method throws a {@link StoreException} if there is no store that this version can read.
 */
public interface StoreAdmin {

  /** Size, bounds and what is pending. */
  StoreInfo info();

  /**
   * Checks the database itself, every row that a start reads, the order of the journal, the
   * segments, and all references, as of one instant.
   */
  StoreCheck check();

  /** What {@link #repair} would do now. */
  StoreRepair repairPlan();

  /**
   * Sets aside every row that cannot be read and would hold back others, or be met again and again:
   * entries, own events that wait, definitions, and a checkpoint whose entries were dropped.
   *
   * @throws StoreException also if another process uses the store, or it cannot be written
   */
  StoreRepair repair();

  /**
   * Writes the store as of one instant to a new file, which has its name only once it is complete
   * and durable. Nothing is locked; the log of a running daemon grows until the copy is done.
   *
   * @throws StoreException also if the file exists or cannot be written
   */
  void backup(Path target);

  /** Opens the journal as of now. */
  StoredJournal journal();

  /**
   * Starts to fill a new store with recorded events; its location is created if it is missing.
   *
   * @throws StoreException if there is a store already, another process uses the location, or it
   *     cannot be written
   */
  StoreImport importer();
}
