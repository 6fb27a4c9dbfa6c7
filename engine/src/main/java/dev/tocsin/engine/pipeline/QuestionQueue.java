package dev.tocsin.engine.pipeline;

import static reactor.core.publisher.Sinks.EmitFailureHandler.FAIL_FAST;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Questions about live state that wait for the writer thread: a bounded number, a bounded time. */
final class QuestionQueue {

  /** How many may wait at a time. */
  static final int MAX_WAITING = 100;

  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  private final Scheduler timers;

  /* Guarded by this object's monitor. */
  private final Deque<AskedQuestion<?>> waiting = new ArrayDeque<>();
  private boolean closed;

  QuestionQueue(Scheduler timers) {
    this.timers = timers;
  }

  private record AskedQuestion<A>(Question<A> question, Sinks.One<A> answer) {

    void answer(LiveState state) {
      try {
        answer.emitValue(question.answer(state), FAIL_FAST);
      } catch (RuntimeException failure) {
        fail(failure);
      }
    }

    void fail(Throwable failure) {
      var _ = answer.tryEmitError(failure);
    }
  }

  /** Asks; {@code wake} makes the writer thread come to {@link #answerAll}. */
  <A> Mono<A> ask(Question<A> question, Runnable wake) {
    return Mono.defer(
        () -> {
          AskedQuestion<A> asked = new AskedQuestion<>(question, Sinks.one());
          String refusal = add(asked);
          if (refusal != null) {
            return Mono.error(new RejectedExecutionException(refusal));
          }
          wake.run();
          return asked.answer().asMono().timeout(MAX_WAIT, timers).doFinally(_ -> remove(asked));
        });
  }

  /** Answers all that wait. On the writer thread, between two batches. */
  void answerAll(LiveState state) {
    for (AskedQuestion<?> each : drain()) {
      each.answer(state);
    }
  }

  /** Refuses those that wait and all that come. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    for (AskedQuestion<?> each : drain()) {
      each.fail(new RejectedExecutionException("the engine is stopping"));
    }
  }

  private synchronized @Nullable String add(AskedQuestion<?> asked) {
    if (closed) {
      return "the engine is stopping";
    }
    if (waiting.size() >= MAX_WAITING) {
      return "maximum of " + MAX_WAITING + " waiting questions reached";
    }
    waiting.add(asked);
    return null;
  }

  private synchronized List<AskedQuestion<?>> drain() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<AskedQuestion<?>> drained = List.copyOf(waiting);
    waiting.clear();
    return drained;
  }

  private synchronized void remove(AskedQuestion<?> asked) {
    waiting.removeIf(asked::equals);
  }
}
