package dev.tocsin.engine;

import static java.util.Comparator.comparingLong;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Time that only a test moves, for clocks and timers alike. It goes from timer to timer, each of
 * which runs at its own instant on the thread that moves it; whoever asks meanwhile, on whichever
 * thread, is told no later instant. So a clock read beside a long move sees no leap over the timers
 * in between: Reactor's own virtual time shows one, and the engine would rightly say it had been
 * stopped.
 */
final class VirtualTime implements Scheduler {

  private record Timer(long due, long number, Runnable task) {}

  /* Guarded by this object's monitor; instants in nanoseconds since the epoch. */
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(comparingLong(Timer::due).thenComparingLong(Timer::number));
  private long numbers;
  private long now;
  private long dayApart;
  private long counterApart;

  /** Stands at an instant, to the millisecond. */
  VirtualTime(Instant start) {
    now = nanos(start);
  }

  /** Goes on to an instant, to the millisecond, if it is not there yet. */
  void passTo(Instant instant) {
    passTo(nanos(instant));
  }

  /** Goes on by so much. */
  void passBy(Duration duration) {
    passTo(passed() + duration.toNanos());
  }

  /** Sets the time of day, and the counter, forward or back; the timers know nothing of it. */
  synchronized void step(Duration day, Duration counter) {
    dayApart += day.toNanos();
    counterApart += counter.toNanos();
  }

  /** The time of day, to the millisecond. */
  Instant instant() {
    return Instant.ofEpochMilli(now(TimeUnit.MILLISECONDS));
  }

  /** The time of day in milliseconds or coarser units, and the counter in finer ones. */
  @Override
  public synchronized long now(TimeUnit unit) {
    boolean isOfDay = unit.compareTo(TimeUnit.MILLISECONDS) >= 0;
    return unit.convert(now + (isOfDay ? dayApart : counterApart), TimeUnit.NANOSECONDS);
  }

  @Override
  public Disposable schedule(Runnable task) {
    return schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  /** Runs it here and now where it does not wait, so one that does so to itself never ends. */
  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    if (delay <= 0) {
      task.run();
      return Disposables.disposed();
    }
    Timer timer = add(task, unit.toNanos(delay));
    return () -> remove(timer);
  }

  /** Refuses: the engine asks for none. */
  @Override
  public Worker createWorker() {
    throw new UnsupportedOperationException("virtual time has timers alone, no workers");
  }

  private synchronized Timer add(Runnable task, long delay) {
    Timer timer = new Timer(now + Math.min(delay, Long.MAX_VALUE - now), numbers++, task);
    timers.add(timer);
    return timer;
  }

  private synchronized void remove(Timer timer) {
    timers.remove(timer);
  }

  private synchronized long passed() {
    return now;
  }

  private void passTo(long instant) {
    for (Timer next = nextUntil(instant); next != null; next = nextUntil(instant)) {
      next.task.run();
    }
  }

  /** Takes the next timer and stands at its instant; where none is left, stands at the end. */
  private synchronized @Nullable Timer nextUntil(long instant) {
    Timer next = timers.peek();
    boolean isDue = next != null && next.due <= instant;
    now = Math.max(now, isDue ? next.due : instant);
    return isDue ? timers.remove() : null;
  }

  private static long nanos(Instant instant) {
    return TimeUnit.MILLISECONDS.toNanos(instant.toEpochMilli());
  }
}
