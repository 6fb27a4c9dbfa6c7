package dev.tocsin.engine.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a store to be done: invocations by destination, and events of the engine's own.
 * Written by {@link Journal#commit}. Every method blocks, may be called from any thread, and sees
 * only what is committed.
 */
public interface Outbox {

  /** Destinations with pending invocations, each once, in the order of their oldest. */
  List<String> destinationsWithWork();

  /**
   * Pending invocations of a destination after a position, in the order written.
   *
   * @param limit maximum number
   */
  List<StoredInvocation> pending(String destination, long afterPosition, int limit);

  /** The number of pending invocations. */
  long pendingCount();

  /** The result of the invocation with this id, or null if it is unknown or pending. */
  @Nullable InvocationResult result(String invocation);

  /** The firing with this id, or null. */
  @Nullable StoredFiring firing(String id);

  /** Stored bytes of the firing with this id and of its triggering event; 0 for what is missing. */
  long firingBytes(String id);

  /**
   * Events of the engine's own that wait to become entries, after a position, in the order written.
   * Those that cannot be read are set aside: they wait no longer. For the writer thread.
   *
   * @param limit maximum number; fewer, but at least one, if they are large
   * @return empty only if there are none
   */
  List<FeedbackEvent> feedback(long afterPosition, int limit);
}
