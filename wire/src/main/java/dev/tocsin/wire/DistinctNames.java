package dev.tocsin.wire;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one JSON object. Few names are scanned, which is faster than a hash set. */
final class DistinctNames {

  private static final int FEW = 32;

  private String[] few = new String[8];
  private int count;
  private @Nullable Set<String> many;

  /** Adds a name; false if it is a duplicate. */
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

  /** Whether a name was added. */
  boolean contains(String name) {
    if (many != null) {
      return many.contains(name);
    }
    // The parser returns the same string for the same name, and a string caches its hash.
    int hash = name.hashCode();
    for (int i = 0; i < count; i++) {
      if (few[i].hashCode() == hash && few[i].equals(name)) {
        return true;
      }
    }
    return false;
  }
}
