package dev.tocsin.engine.server;

import dev.tocsin.engine.server.Gunzip.GzipException;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads a body into memory as a whole, up to a bound that holds compressed and decompressed. Small
 * bodies continue on the event loop that read them, since a change of threads costs more than
 * parsing them; larger and compressed ones continue on the scheduler for bodies.
 */
final class WholeBody {

  /** Up to this many bytes a body stays on its event loop. */
  static final int SMALL = 64 * 1024;

  /** Up to this multiple of the bound is read and discarded, so that the sender gets an answer. */
  private static final int PATIENCE = 4;

  private static final int PIECE = 64 * 1024;

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
    if (declaredLength(request) > (long) PATIENCE * maxBytes) {
      return Mono.error(new RefusedException(tooLarge().closing()));
    }
    return request
        .receive()
        .asByteArray()
        .timeout(timeout, timer)
        .onErrorMap(TimeoutException.class, slow -> new RefusedException(tooSlow()))
        .reduceWith(() -> new Collected(share), Collected::add)
        .flatMap(
            collected ->
                gzip || collected.size > SMALL
                    ? Mono.fromCallable(() -> decompressed(collected, gzip, share))
                        .subscribeOn(bodies)
                    : Mono.fromCallable(collected::joined));
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
            + " bytes, decompressed (max_body_bytes). Send fewer events at once, or a stream as"
            + " application/x-ndjson.");
  }

  private byte[] decompressed(Collected collected, boolean gzip, BodyBudget.Share share) {
    byte[] body = collected.joined();
    if (!gzip) {
      return body;
    }
    try (Gunzip gunzip = new Gunzip()) {
      gunzip.feed(body);
      List<byte[]> pieces = new ArrayList<>();
      byte[] piece = new byte[PIECE];
      int size = 0;
      for (int length = gunzip.read(piece); length > 0; length = gunzip.read(piece)) {
        size += length;
        if (size > maxBytes) {
          throw new RefusedException(tooLarge());
        }
        share.take(length);
        pieces.add(Arrays.copyOf(piece, length));
      }
      gunzip.end();
      return join(pieces, size);
    } catch (GzipException damaged) {
      throw new RefusedException(
          Answer.detail(400, damaged.getMessage() + "; nothing was accepted."));
    }
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length.strip());
  }

  private static byte[] join(List<byte[]> pieces, int size) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    return whole;
  }

  /** What has arrived so far; beyond the bound it is only counted. */
  private final class Collected {

    private final BodyBudget.Share share;
    private final List<byte[]> pieces = new ArrayList<>();
    private long size;

    Collected(BodyBudget.Share share) {
      this.share = share;
    }

    Collected add(byte[] piece) {
      size += piece.length;
      if (size > (long) PATIENCE * maxBytes) {
        throw new RefusedException(tooLarge().closing());
      }
      if (size <= maxBytes) {
        share.take(piece.length);
        pieces.add(piece);
      } else {
        pieces.clear();
      }
      return this;
    }

    byte[] joined() {
      if (size > maxBytes) {
        throw new RefusedException(tooLarge());
      }
      return join(pieces, (int) size);
    }
  }
}
