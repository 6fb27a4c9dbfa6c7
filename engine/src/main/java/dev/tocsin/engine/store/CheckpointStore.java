package dev.tocsin.engine.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trigger state in a store. Every method blocks. */
public interface CheckpointStore {

  /** The latest checkpoint, or null if there is none. */
  @Nullable StoredCheckpoint checkpoint();

  /**
   * Pages of checkpoints after a place, up to and including another, ascending.
   *
   * @param limit maximum number
   */
  List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit);

  /** Writes a slice of a checkpoint in a transaction of its own. For the writer thread. */
  void save(CheckpointSlice slice);
}
