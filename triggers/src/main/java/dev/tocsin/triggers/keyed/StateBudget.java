package dev.tocsin.triggers.keyed;

/**
 * The bytes of all {@link KeyedStates} that charge it, and the bound on them. The count follows
 * from the states alone, never from how they are laid out in memory, so that it is the same on
 * every host and after every restart. For one thread.
 */
public final class StateBudget {

  /** The part of the bound that an eviction frees, so that not every key that is new evicts one. */
  private static final int PARTS = 16;

  private long max;
  private long used;

  /** With nothing charged, and a bound in bytes. */
  public StateBudget(long max) {
    this.max = max;
  }

  /** Sets another bound in bytes. */
  public void bound(long bytes) {
    max = bytes;
  }

  /** The bound in bytes. */
  public long max() {
    return max;
  }

  /** Whether the states take more than the bound. */
  public boolean isExceeded() {
    return used > max;
  }

  /** By how many bytes the states have to shrink once the bound is exceeded. */
  public long surplus() {
    return used - (max - max / PARTS);
  }

  void charge(long bytes) {
    used += bytes;
  }
}
