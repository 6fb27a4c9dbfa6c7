package dev.tocsin.engine.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the work of saving a checkpoint; may be written again as it is. A checkpoint is in
 * effect from the slice that completes it; until then the previous one is.
 *
 * @param pages new ones
 * @param completed the checkpoint that is complete with these pages, or null
 * @param discardFrom place of the first page that belongs to no checkpoint any more
 * @param discardTo the place after the last of these
 */
public record CheckpointSlice(
    List<CheckpointPage> pages,
    @Nullable StoredCheckpoint completed,
    long discardFrom,
    long discardTo) {

  /** Nothing. */
  public static final CheckpointSlice NONE = new CheckpointSlice(List.of(), null, 0, 0);

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return pages.isEmpty() && completed == null && discardFrom == discardTo;
  }
}
