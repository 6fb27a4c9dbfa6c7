package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is in a store, for an operator.
 *
 * @param file of the database
 * @param layout version of its tables
 * @param bytes of the file
 * @param logBytes of the write-ahead log beside it
 * @param usedBytes of the file's used pages; retention by size counts these
 * @param freePages of the file, which are used next
 * @param segments of the journal
 * @param entries of the journal
 * @param oldest receipt of the oldest entry, or null
 * @param newest receipt of the newest entry, or null
 * @param last sequence number of the newest entry; 0 for none
 * @param droppedUpTo sequence number up to which retention took entries away; 0 for none
 * @param checkpoint the latest, or null
 * @param waitingInvocations actions not yet done
 * @param waitingFeedback own events not yet evaluated
 */
public record StoreInfo(
    Path file,
    long layout,
    long bytes,
    long logBytes,
    long usedBytes,
    long freePages,
    long segments,
    long entries,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    long last,
    long droppedUpTo,
    @Nullable SavedCheckpoint checkpoint,
    long waitingInvocations,
    long waitingFeedback) {

  /**
   * A checkpoint from outside.
   *
   * @param sequence of the last entry whose effect it contains
   * @param clock of the engine then
   * @param pages of it
   * @param bytes of the pages and their head
   */
  public record SavedCheckpoint(long sequence, Instant clock, long pages, long bytes) {}
}
