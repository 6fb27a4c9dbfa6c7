package dev.tocsin.engine.store;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Retries what the store refuses, unchanged, until it succeeds. Logs once when that begins and once
 * when it is over. Safe for all threads.
 */
public final class StoreAccess {

  private static final Logger LOG = LoggerFactory.getLogger(StoreAccess.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  private final String purpose;
  private final Scheduler scheduler;
  private final Runnable whenFailing;
  private final Runnable whenWorking;
  private final AtomicReference<@Nullable StoreException> failure = new AtomicReference<>();

  /**
   * One that works so far.
   *
   * @param purpose what is paused meanwhile, in the plural, for the log
   * @param scheduler runs retries
   */
  public StoreAccess(String purpose, Scheduler scheduler) {
    this(purpose, scheduler, () -> {}, () -> {});
  }

  /**
   * The same, with callbacks.
   *
   * @param whenFailing run once when the store begins to fail
   * @param whenWorking run once when that is over
   */
  public StoreAccess(
      String purpose, Scheduler scheduler, Runnable whenFailing, Runnable whenWorking) {
    this.purpose = purpose;
    this.scheduler = scheduler;
    this.whenFailing = whenFailing;
    this.whenWorking = whenWorking;
  }

  /** Runs on the subscribing thread; fails only if the store is not at fault. */
  public <T> Mono<T> attempt(Callable<T> work) {
    return Mono.fromCallable(work)
        .doOnError(StoreException.class, this::failed)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                .maxBackoff(LONGEST_RETRY)
                .filter(StoreException.class::isInstance)
                .scheduler(scheduler))
        .doOnSuccess(
            _ -> {
              if (!isWorking()) {
                succeeded();
              }
            });
  }

  /** Whether the last attempt succeeded. */
  public boolean isWorking() {
    return failure.get() == null;
  }

  /** Why the last attempt failed; null if it succeeded. */
  public @Nullable String failure() {
    StoreException latest = failure.get();
    return latest == null ? null : latest.getMessage();
  }

  /** The callback comes first: whoever sees that it does not work may count on it. */
  private synchronized void failed(StoreException latest) {
    boolean begins = isWorking();
    if (begins) {
      whenFailing.run();
      LOG.error("Store unavailable: {} paused, retrying: {}", purpose, latest.getMessage());
    }
    failure.set(latest);
  }

  private synchronized void succeeded() {
    if (!isWorking()) {
      whenWorking.run();
      failure.set(null);
      LOG.info("Store available again: {} resumed.", purpose);
    }
  }
}
