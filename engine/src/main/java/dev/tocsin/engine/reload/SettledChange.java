package dev.tocsin.engine.reload;

import org.jspecify.annotations.Nullable;

/**
 * Decides when a change has settled: once two looks in succession have found the same, and it is
 * not what was found when the last change had settled. The first look counts as a change.
 *
 * @param <T> what a look finds; compared by {@code equals}
 */
final class SettledChange<T> {

  private @Nullable T last;
  private @Nullable T settled;

  /** Whether a change has settled with this look; true once for each change. */
  boolean settlesWith(T found) {
    boolean isSettled = found.equals(last) && !found.equals(settled);
    last = found;
    if (isSettled) {
      settled = found;
    }
    return isSettled;
  }

  /** Counts the same as a change again. */
  void reset() {
    last = null;
    settled = null;
  }
}
