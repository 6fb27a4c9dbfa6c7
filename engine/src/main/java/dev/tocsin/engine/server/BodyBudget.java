package dev.tocsin.engine.server;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of bodies in memory at the same time, over all connections. */
final class BodyBudget {

  private final long max;
  private final String bodies;
  private final AtomicLong taken = new AtomicLong();

  /**
   * With nothing taken.
   *
   * @param max bytes
   * @param bodies name of the bodies in the plural, for the sender who is refused
   */
  BodyBudget(long max, String bodies) {
    this.max = max;
    this.bodies = bodies;
  }

  /** The share of one request, released when it is closed. */
  Share open() {
    return new Share();
  }

  /** Bytes taken now. */
  long taken() {
    return taken.get();
  }

  /** The bytes of one request. Once it is closed it holds none. */
  final class Share implements AutoCloseable {

    private long mine;
    private boolean isClosed;

    /** Takes more bytes; refuses with 429 if the budget is exhausted. */
    synchronized void take(long bytes) {
      if (isClosed) {
        return;
      }
      if (taken.addAndGet(bytes) > max) {
        taken.addAndGet(-bytes);
        throw new RefusedException(
            Answer.tooMany("Too many " + bodies + " at once; retry after 1 s.").closing());
      }
      mine += bytes;
    }

    /** Returns bytes that were taken. */
    synchronized void release(long bytes) {
      if (isClosed) {
        return;
      }
      mine -= bytes;
      taken.addAndGet(-bytes);
    }

    /** Takes or returns bytes, so that it has this number; refuses as {@link #take} does. */
    synchronized void hold(long bytes) {
      if (bytes > mine) {
        take(bytes - mine);
      } else {
        release(mine - bytes);
      }
    }

    @Override
    public synchronized void close() {
      isClosed = true;
      taken.addAndGet(-mine);
      mine = 0;
    }
  }
}
