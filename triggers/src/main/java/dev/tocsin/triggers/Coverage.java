package dev.tocsin.triggers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which event triggers cover one event, and the key that it has for each. */
final class Coverage {

  private final int[] positions;
  private final BucketingKey[] keys;
  private int count;

  /** Room for so many. */
  Coverage(int most) {
    positions = new int[most];
    keys = new BucketingKey[most];
  }

  /** Adds a trigger; positions ascend. */
  void add(int position, BucketingKey key) {
    positions[count] = position;
    keys[count++] = key;
  }

  int size() {
    return count;
  }

  int position(int i) {
    return positions[i];
  }

  BucketingKey key(int i) {
    return keys[i];
  }

  /** The key of the event for the trigger at a position, or null where it is not covered. */
  @Nullable BucketingKey keyAt(int position) {
    int found = Arrays.binarySearch(positions, 0, count, position);
    return found < 0 ? null : keys[found];
  }
}
