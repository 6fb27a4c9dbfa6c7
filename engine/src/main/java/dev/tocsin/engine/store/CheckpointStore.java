package dev.tocsin.engine.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trigger state in a store. Every method blocks. */
public interface CheckpointStore {

  /**
   * The latest checkpoint, or null if there is none.
   *
   * @throws UnreadableCheckpointException if it is not as it was written
   */
  @Nullable StoredCheckpoint checkpoint();

  /**
   * Pages of checkpoints after a place, up to and including another, ascending.
   *
   * @param limit maximum number; fewer, but at least one, if they are large
   * @throws UnreadableCheckpointException if one is not as it was written
   */
  List<CheckpointPage> checkpointPages(long afterPlace, long lastPlace, int limit);

  /** Writes a slice of a checkpoint in a transaction of its own. For the writer thread. */
  void save(CheckpointSlice slice);
}
