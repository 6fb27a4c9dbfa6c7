package dev.tocsin.engine.store;

/**
 * All durable state of an engine. Each user takes only the role that it needs: {@link Journal},
 * {@link Outbox}, {@link CheckpointStore} or {@link RetentionStore}.
 */
public interface Store extends Journal, Outbox, CheckpointStore, RetentionStore, AutoCloseable {

  /** Kind and location, for an operator. */
  String description();

  /**
   * Refuses if what is written now would not be found by the next start: the files of the store
   * were deleted, moved or replaced, or are damaged.
   *
   * @throws StoreException that says what happened and what to do
   */
  void check();

  /** Waits for calls in progress; later calls fail with a {@link StoreException}. */
  @Override
  void close();
}
