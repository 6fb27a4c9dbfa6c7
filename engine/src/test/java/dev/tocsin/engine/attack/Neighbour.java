package dev.tocsin.engine.attack;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody harmless who asks {@code /health} and {@code /ready} and sends a small event, four times
 * a second, while another attacks.
 */
final class Neighbour implements AutoCloseable {

  private static final long PACE_MILLIS = 250;

  private final CountDownLatch closed = new CountDownLatch(1);

  /* Guarded by this object's monitor. */
  private @Nullable URI daemon;
  private boolean posts;
  private Duration worstProbe = Duration.ZERO;
  private Duration worstPost = Duration.ZERO;
  private String trouble = "";

  Neighbour() {
    Thread.ofVirtual().name("neighbour").start(this::work);
  }

  /** Asks this daemon from now on; without one, nobody. */
  synchronized void ask(@Nullable URI address, boolean andPost) {
    daemon = address;
    posts = andPost;
  }

  /** Starts measuring. */
  synchronized void begin() {
    worstProbe = Duration.ZERO;
    worstPost = Duration.ZERO;
    trouble = "";
  }

  /** The longest that a probe took since then. */
  synchronized Duration worstProbe() {
    return worstProbe;
  }

  /** The longest that an event waited for its answer since then. */
  synchronized Duration worstPost() {
    return worstPost;
  }

  /** The first answer that was not one since then; empty if there was none. */
  synchronized String trouble() {
    return trouble;
  }

  private void work() {
    try {
      while (!closed.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
        URI asked = daemonNow();
        if (asked != null) {
          probe(asked, "/health");
          probe(asked, "/ready");
          post(asked);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable URI daemonNow() {
    return daemon;
  }

  private void probe(URI asked, String path) {
    long begin = System.nanoTime();
    try {
      int status = RawHttp.get(asked, path);
      boolean expected = status == 200 || (status == 503 && path.equals("/ready"));
      note(asked, true, begin, expected ? "" : path + " answered " + status);
    } catch (IOException e) {
      note(asked, true, begin, path + ": " + e.getMessage());
    }
  }

  private void post(URI asked) {
    synchronized (this) {
      if (!posts) {
        return;
      }
    }
    long begin = System.nanoTime();
    String event =
        """
        {"id": "neighbour-%d", "occurred": "%s", "event": "neighbour.seen",\
         "resource": {"prefect.resource.id": "neighbour"}}\
        """
            .formatted(begin, Instant.now());
    try {
      int status = RawHttp.post(asked, event);
      boolean expected = status == 204 || status == 429 || status == 503;
      note(asked, false, begin, expected ? "" : "a small event was answered " + status);
    } catch (IOException e) {
      note(asked, false, begin, "a small event: " + e.getMessage());
    }
  }

  /** Notes an answer, unless the daemon has been ended or replaced meanwhile. */
  private synchronized void note(URI asked, boolean isProbe, long begin, String wrong) {
    if (!Objects.equals(asked, daemon)) {
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    if (isProbe && took.compareTo(worstProbe) > 0) {
      worstProbe = took;
    } else if (!isProbe && took.compareTo(worstPost) > 0) {
      worstPost = took;
    }
    if (trouble.isEmpty()) {
      trouble = wrong;
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
