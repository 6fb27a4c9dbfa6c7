package dev.tocsin.engine.store;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops every access to a database from the first one that met a damaged page: what was
 * acknowledged must be there, and writing on could lose more of it. SQLite reports a disk that
 * fails to read as damage too. So each later access first repeats the one that failed, on a new
 * connection. If that fails again, the store stays stopped; as soon as it succeeds, the store
 * resumes. Safe for all threads.
 */
final class DamageGuard {

  private static final Logger LOG = LoggerFactory.getLogger(DamageGuard.class);

  private final Path file;
  private final AtomicReference<@Nullable Suspicion> suspicion = new AtomicReference<>();
  private final ReentrantLock repeating = new ReentrantLock();

  /** No damage is known. */
  DamageGuard(Path file) {
    this.file = file;
  }

  /** An access that met damage; a repeat of it has no other effect than the first attempt. */
  private static final class Suspicion {
    final Supplier<?> access;
    final StoreException failure;

    /** Guarded by {@link #repeating}. */
    boolean isConfirmed;

    Suspicion(Supplier<?> access, StoreException failure) {
      this.access = access;
      this.failure = failure;
    }
  }

  /**
   * Accesses the database.
   *
   * @throws StoreException if the access fails, or damage is known and a repeat confirms it
   */
  <T> T access(Supplier<T> access) {
    return access(access, access);
  }

  /** The same, with another access that looks at the same pages as its repeat. */
  <T> T access(Supplier<T> access, Supplier<T> repeat) {
    Suspicion known = suspicion.get();
    if (known != null) {
      repeat(known);
    }
    try {
      return access.get();
    } catch (StoreException failure) {
      if (SqliteFailure.isDamage(failure.getCause())) {
        suspicion.compareAndSet(null, new Suspicion(repeat, failure));
      }
      throw failure;
    }
  }

  /** One thread repeats it; others are refused meanwhile. */
  private void repeat(Suspicion known) {
    if (!repeating.tryLock()) {
      throw stopped(known.failure);
    }
    try {
      var _ = known.access.get();
      if (suspicion.compareAndSet(known, null)) {
        LOG.warn("The store resumes: {} can be read again. Check the disk.", file);
      }
    } catch (StoreException again) {
      if (!known.isConfirmed) {
        known.isConfirmed = true;
        LOG.error(
            "The store stops: {}. It resumes by itself if the file can be read again.",
            again.getMessage());
      }
      throw stopped(again);
    } finally {
      repeating.unlock();
    }
  }

  private StoreException stopped(StoreException failure) {
    return new StoreException(
        "Reads and writes of " + file + " have stopped: " + SqliteFailure.DAMAGED, failure);
  }
}
