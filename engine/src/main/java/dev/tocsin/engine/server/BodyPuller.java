package dev.tocsin.engine.server;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Pulls a request's body chunk by chunk. A few chunks are read ahead, so that what arrived during
 * the processing of the last ones is available at once; beyond them the socket is not read, and the
 * sender waits.
 */
final class BodyPuller implements CoreSubscriber<byte[]> {

  private static final int AHEAD = 8;

  private final Queue<byte[]> ready = new ArrayDeque<>(AHEAD);
  private @Nullable Subscription subscription;
  private @Nullable MonoSink<byte[]> waiting;
  private @Nullable Throwable failure;
  private boolean ended;

  private BodyPuller() {}

  /** Starts to read a body. */
  static BodyPuller of(Flux<byte[]> body) {
    BodyPuller chunks = new BodyPuller();
    body.subscribe(chunks);
    return chunks;
  }

  /** Bytes that were read ahead. */
  synchronized long bytes() {
    return ready.stream().mapToLong(chunk -> chunk.length).sum();
  }

  /** The next chunk if it has arrived, or null. */
  synchronized byte @Nullable [] poll() {
    byte[] chunk = ready.poll();
    if (chunk != null && subscription != null) {
      subscription.request(1);
    }
    return chunk;
  }

  /** The next chunk when it arrives; empty at the end of the body. One caller at a time. */
  Mono<byte[]> next() {
    return Mono.create(this::await);
  }

  /** Stops reading. */
  synchronized void cancel() {
    if (subscription != null) {
      subscription.cancel();
    }
    ready.clear();
    waiting = null;
  }

  private void await(MonoSink<byte[]> sink) {
    byte[] chunk;
    synchronized (this) {
      chunk = poll();
      if (chunk == null && !ended) {
        waiting = sink;
        return;
      }
    }
    answer(sink, chunk);
  }

  private void answer(MonoSink<byte[]> sink, byte @Nullable [] chunk) {
    if (chunk != null) {
      sink.success(chunk);
    } else if (failure != null) {
      sink.error(failure);
    } else {
      sink.success();
    }
  }

  @Override
  public void onSubscribe(Subscription upstream) {
    synchronized (this) {
      subscription = upstream;
    }
    upstream.request(AHEAD);
  }

  @Override
  public void onNext(byte[] chunk) {
    MonoSink<byte[]> sink;
    synchronized (this) {
      sink = waiting;
      waiting = null;
      if (sink == null) {
        ready.add(chunk);
        return;
      }
      if (subscription != null) {
        subscription.request(1);
      }
    }
    sink.success(chunk);
  }

  @Override
  public void onError(Throwable cause) {
    end(cause);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable cause) {
    MonoSink<byte[]> sink;
    synchronized (this) {
      ended = true;
      failure = cause;
      sink = waiting;
      waiting = null;
    }
    if (sink != null) {
      answer(sink, null);
    }
  }
}
