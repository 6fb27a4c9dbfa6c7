package dev.tocsin.engine.store;

/**
 * All durable state of an engine. Each user takes only the role that it needs: {@link Journal},
 * {@link Outbox}, {@link CheckpointStore} or {@link RetentionStore}.
 */
public interface Store extends Journal, Outbox, CheckpointStore, RetentionStore, AutoCloseable {

  /** Kind and location, for an operator. */
  String description();

  /** Waits for calls in progress; later calls fail with a {@link StoreException}. */
  @Override
  void close();
}
