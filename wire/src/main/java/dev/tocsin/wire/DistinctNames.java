package dev.tocsin.wire;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names met in one JSON object. Most objects have few, for which a short scan beats a hash set.
 */
final class DistinctNames {

  private static final int FEW = 32;

  private String[] few = new String[8];
  private int count;
  private @Nullable Set<String> many;

  /** Notes a name; false where it was there before. */
  boolean add(String name) {
    if (many != null) {
      return many.add(name);
    }
    if (contains(name)) {
      return false;
    }
    if (count == FEW) {
      many = new HashSet<>(Arrays.asList(few));
      return many.add(name);
    }
    if (count == few.length) {
      few = Arrays.copyOf(few, FEW);
    }
    few[count++] = name;
    return true;
  }

  /** Whether a name was met. */
  boolean contains(String name) {
    if (many != null) {
      return many.contains(name);
    }
    // A parser gives the same name as the same string, which knows its hash already.
    int hash = name.hashCode();
    for (int i = 0; i < count; i++) {
      if (few[i].hashCode() == hash && few[i].equals(name)) {
        return true;
      }
    }
    return false;
  }
}
