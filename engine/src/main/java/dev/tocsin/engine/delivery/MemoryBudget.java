package dev.tocsin.engine.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Bounds the bytes that pieces of work hold in memory at the same time. What does not fit waits, in
 * the order in which it asked. Large pieces share three quarters, and while one of them waits,
 * small ones portion the rest; so neither kind waits for the other. Safe for all threads.
 */
final class MemoryBudget {

  private final long max;
  private final long maxLarge;
  private final long maxSmall;
  private final SizeClass small = new SizeClass();
  private final SizeClass large = new SizeClass();

  /**
   * With nothing taken.
   *
   * @param max bytes in all
   * @param maxSmall bytes of the largest piece that is small
   */
  MemoryBudget(long max, long maxSmall) {
    this.max = max;
    this.maxLarge = max - max / 4;
    this.maxSmall = Math.min(maxSmall, max / 4);
  }

  /**
   * Takes bytes as soon as there is room for them. A piece that would never fit takes all that its
   * kind may have, so it is alone.
   */
  Mono<Portion> take(long bytes) {
    return Mono.create(
        sink -> {
          Portion portion =
              new Portion(bytes <= maxSmall ? small : large, Math.min(bytes, maxLarge), sink);
          sink.onCancel(portion::close);
          ask(portion);
        });
  }

  /** How many pieces wait. */
  synchronized int waiting() {
    return small.waiting.size() + large.waiting.size();
  }

  /** Bytes taken now. */
  synchronized long taken() {
    return small.taken + large.taken;
  }

  private void ask(Portion portion) {
    synchronized (this) {
      portion.kind.waiting.add(portion);
    }
    admit();
  }

  /** Admits what fits. The signals are sent outside of the lock: whoever gets one may come back. */
  private void admit() {
    List<Portion> admitted = new ArrayList<>();
    synchronized (this) {
      admit(large, maxLarge, admitted);
      admit(small, large.waiting.isEmpty() ? max : max - maxLarge, admitted);
    }
    admitted.forEach(portion -> portion.sink.success(portion));
  }

  private void admit(SizeClass kind, long maxOfKind, List<Portion> admitted) {
    for (Portion next = kind.waiting.peek(); next != null; next = kind.waiting.peek()) {
      if (kind.taken + next.bytes > maxOfKind || taken() + next.bytes > max) {
        return;
      }
      kind.waiting.remove();
      kind.taken += next.bytes;
      next.isTaken = true;
      admitted.add(next);
    }
  }

  private static final class SizeClass {
    private final Queue<Portion> waiting = new ArrayDeque<>();
    private long taken;
  }

  /** The bytes of one piece of work. */
  final class Portion implements AutoCloseable {

    private final SizeClass kind;
    private final MonoSink<Portion> sink;
    private long bytes;
    private boolean isTaken;

    private Portion(SizeClass kind, long bytes, MonoSink<Portion> sink) {
      this.kind = kind;
      this.bytes = bytes;
      this.sink = sink;
    }

    /** From now on it holds this number of bytes, even if the budget has no room for more. */
    void hold(long now) {
      synchronized (MemoryBudget.this) {
        if (isTaken) {
          kind.taken += now - bytes;
          bytes = now;
        }
      }
      admit();
    }

    /** Gives the bytes back, or no longer waits for them. Further calls do nothing. */
    @Override
    public void close() {
      synchronized (MemoryBudget.this) {
        kind.waiting.remove(this);
        if (isTaken) {
          isTaken = false;
          kind.taken -= bytes;
        }
      }
      admit();
    }
  }
}
