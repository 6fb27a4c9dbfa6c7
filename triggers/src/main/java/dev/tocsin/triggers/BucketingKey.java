package dev.tocsin.triggers;

import java.util.List;

/**
 * The values of a trigger's {@code for_each} in one event: every key has its own state.
 *
 * @param values in the order of the references by code points; none without {@code for_each}
 */
public record BucketingKey(List<String> values) implements Comparable<BucketingKey> {

  /** The one key of a trigger without {@code for_each}. */
  public static final BucketingKey NONE = new BucketingKey(List.of());

  /** Copies. */
  public BucketingKey {
    values = List.copyOf(values);
  }

  /** Value by value, by code points. */
  @Override
  public int compareTo(BucketingKey other) {
    int common = Math.min(values.size(), other.values.size());
    for (int i = 0; i < common; i++) {
      int order = CodePoints.ORDER.compare(values.get(i), other.values.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(values.size(), other.values.size());
  }
}
