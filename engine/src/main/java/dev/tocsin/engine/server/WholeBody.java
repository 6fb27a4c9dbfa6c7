package dev.tocsin.engine.server;

import dev.tocsin.engine.server.Gunzip.GzipException;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads a body into memory as a whole, up to a bound of its decompressed size. Small bodies
 * continue on the event loop that read them, since a change of threads costs more than parsing
 * them; larger and compressed ones continue on the scheduler for bodies.
 */
final class WholeBody {

  /** Up to this many bytes a body stays on its event loop. */
  static final int SMALL = 64 * 1024;

  /** Up to this multiple of the bound is read and discarded, so that the sender gets an answer. */
  private static final int PATIENCE = 4;

  private static final int PIECE = 64 * 1024;

  /** Pieces of a compressed body that are read ahead. */
  private static final int AHEAD = 8;

  private final int maxBytes;
  private final Duration timeout;
  private final Scheduler bodies;
  private final Scheduler timer;

  WholeBody(int maxBytes, Duration timeout, Scheduler bodies, Scheduler timer) {
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.bodies = bodies;
    this.timer = timer;
  }

  /** The decompressed body; a {@link RefusedException} if it is too large, slow or damaged. */
  Mono<byte[]> read(HttpServerRequest request, BodyBudget.Share share) {
    boolean gzip = Encoding.of(request) == Encoding.GZIP;
    long declared = declaredLength(request);
    if (declared > (long) PATIENCE * maxBytes) {
      return Mono.error(new RefusedException(tooLarge().closing()));
    }
    Flux<byte[]> pieces =
        request
            .receive()
            .asByteArray()
            .timeout(timeout, timer)
            .onErrorMap(TimeoutException.class, slow -> new RefusedException(tooSlow()));
    if (gzip) {
      return Mono.using(
          () -> new Decompressed(share),
          body ->
              pieces
                  .publishOn(bodies, AHEAD)
                  .reduce(body, Decompressed::add)
                  .map(Decompressed::end),
          Decompressed::close);
    }
    return pieces
        .reduceWith(() -> new Collected(share, declared), Collected::add)
        .flatMap(
            body ->
                body.received > SMALL
                    ? Mono.fromCallable(body::end).subscribeOn(bodies)
                    : Mono.fromCallable(body::end));
  }

  static Answer timedOut(Duration timeout) {
    return Answer.detail(408, "No byte of the body arrived for " + timeout.toMillis() + " ms.")
        .closing();
  }

  private Answer tooSlow() {
    return timedOut(timeout);
  }

  private Answer tooLarge() {
    return Answer.detail(
        413,
        "A body may have at most "
            + maxBytes
            + " bytes, decompressed (max_body_bytes, or an eighth of the heap). Send fewer events"
            + " at once, or a stream as application/x-ndjson.");
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length.strip());
  }

  /** A body as it is sent; beyond the bound it is only counted. */
  private final class Collected {

    private final BodyBuffer buffer;
    private long received;

    Collected(BodyBudget.Share share, long declared) {
      long max = declared > 0 ? Math.min(declared, maxBytes) : maxBytes;
      buffer = new BodyBuffer(share, (int) max);
    }

    Collected add(byte[] piece) {
      received = count(received, piece);
      if (received <= maxBytes) {
        buffer.add(piece);
      } else {
        buffer.release();
      }
      return this;
    }

    byte[] end() {
      if (received > maxBytes) {
        throw new RefusedException(tooLarge());
      }
      return buffer.whole();
    }
  }

  /** A body that is decompressed as it arrives; once it is refused it is only counted. */
  private final class Decompressed implements AutoCloseable {

    private final BodyBuffer buffer;
    private final Gunzip gunzip = new Gunzip();
    private final byte[] piece = new byte[PIECE];
    private long received;
    private @Nullable Answer refusal;

    Decompressed(BodyBudget.Share share) {
      buffer = new BodyBuffer(share, maxBytes);
    }

    Decompressed add(byte[] compressed) {
      received = count(received, compressed);
      if (refusal != null) {
        return this;
      }
      try {
        gunzip.feed(compressed);
        for (int length = gunzip.read(piece); length > 0; length = gunzip.read(piece)) {
          if (buffer.length() + length > maxBytes) {
            refuse(tooLarge());
            return this;
          }
          buffer.add(piece, length);
        }
      } catch (GzipException damaged) {
        refuse(damaged(damaged));
      }
      return this;
    }

    byte[] end() {
      Answer refused = refusal == null ? endOfGzip() : refusal;
      if (refused != null) {
        throw new RefusedException(refused);
      }
      return buffer.whole();
    }

    private @Nullable Answer endOfGzip() {
      try {
        gunzip.end();
        return null;
      } catch (GzipException damaged) {
        return damaged(damaged);
      }
    }

    private void refuse(Answer answer) {
      refusal = answer;
      buffer.release();
    }

    private static Answer damaged(GzipException damaged) {
      return Answer.detail(400, damaged.getMessage() + "; nothing was accepted.");
    }

    @Override
    public void close() {
      gunzip.close();
    }
  }

  /** Counts a piece; refuses a body that is far too large while it is sent. */
  private long count(long received, byte[] piece) {
    long sum = received + piece.length;
    if (sum > (long) PATIENCE * maxBytes) {
      throw new RefusedException(tooLarge().closing());
    }
    return sum;
  }
}
