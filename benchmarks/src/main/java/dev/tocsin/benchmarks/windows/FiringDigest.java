package dev.tocsin.benchmarks.windows;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many firings there were, and a number that other firings, or another order, do not give. */
final class FiringDigest implements KeyedSide.Firings {

  private static final long PRIME = 1_099_511_628_211L;

  private long count;
  private long chain;

  @Override
  public void add(Instant triggered, String key, @Nullable String event) {
    count++;
    chain = (chain ^ triggered.getEpochSecond()) * PRIME;
    chain = (chain ^ triggered.getNano()) * PRIME;
    chain = (chain ^ key.hashCode()) * PRIME;
    chain = (chain ^ Objects.hashCode(event)) * PRIME;
  }

  /** Refuses another number of firings. */
  void requireCount(long expected) {
    if (count != expected) {
      throw new IllegalStateException("%,d firings, not %,d".formatted(count, expected));
    }
  }

  /** Refuses firings that are not the same as these, and none at all. */
  void requireSame(FiringDigest other, String what) {
    if (count == 0 || count != other.count || chain != other.chain) {
      throw new IllegalStateException(
          "%s: %,d firings of one side, %,d of the other, and they are not the same"
              .formatted(what, count, other.count));
    }
  }
}
