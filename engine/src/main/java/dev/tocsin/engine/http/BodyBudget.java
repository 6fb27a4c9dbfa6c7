package dev.tocsin.engine.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies may be in memory at one time, over all connections. */
final class BodyBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long most) {
    this.most = most;
  }

  /** The share of one request, given back when it is closed. */
  Share open() {
    return new Share();
  }

  /** Bytes taken now. */
  long taken() {
    return taken.get();
  }

  /** For one request, which uses it from one thread at a time. */
  final class Share implements AutoCloseable {

    private long mine;

    /** Takes so many more bytes; refuses with 429 where they are not there. */
    void take(long bytes) {
      if (taken.addAndGet(bytes) > most) {
        taken.addAndGet(-bytes);
        throw new RefusedException(
            Answer.tooMany("Too many request bodies at once; try again in a second.").closing());
      }
      mine += bytes;
    }

    @Override
    public void close() {
      taken.addAndGet(-mine);
      mine = 0;
    }
  }
}
