package dev.tocsin.engine.server;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies may be in memory at one time, over all connections. */
final class BodyBudget {

  private final long most;
  private final String bodies;
  private final AtomicLong taken = new AtomicLong();

  /**
   * With nothing taken.
   *
   * @param bodies which, in the plural, for the sender who is refused
   */
  BodyBudget(long most, String bodies) {
    this.most = most;
    this.bodies = bodies;
  }

  /** The share of one request, given back when it is closed. */
  Share open() {
    return new Share();
  }

  /** Bytes taken now. */
  long taken() {
    return taken.get();
  }

  /** For one request. Once it is closed nothing is held any more. */
  final class Share implements AutoCloseable {

    private long mine;
    private boolean isClosed;

    /** Takes so many more bytes; refuses with 429 where they are not there. */
    synchronized void take(long bytes) {
      if (isClosed) {
        return;
      }
      if (taken.addAndGet(bytes) > most) {
        taken.addAndGet(-bytes);
        throw new RefusedException(
            Answer.tooMany("Too many " + bodies + " at once; try again in a second.").closing());
      }
      mine += bytes;
    }

    @Override
    public synchronized void close() {
      isClosed = true;
      taken.addAndGet(-mine);
      mine = 0;
    }
  }
}
