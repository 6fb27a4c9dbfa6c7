package dev.tocsin.triggers.index;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Positions filed under prefixes: finds those whose prefix a text begins with. The prefixes lie
 * ascending, each knowing the longest other one that it begins with: its parent. Whatever lies
 * between a prefix of a text and that text begins with the prefix too, so one binary search finds
 * an entry that has all prefixes of the text among itself and its ancestors.
 */
final class PrefixTable {

  private static final int NO_PARENT = -1;

  private final String[] prefixes;
  private final int[] parents;
  private final int[][] positions;

  PrefixTable(Map<String, List<Integer>> byPrefix) {
    TreeMap<String, List<Integer>> ascending = new TreeMap<>(byPrefix);
    prefixes = ascending.keySet().toArray(String[]::new);
    positions =
        ascending.values().stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    parents = new int[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      parents[i] = firstPrefixOf(prefixes[i], i - 1);
    }
  }

  /** Visits the positions of every prefix that the text begins with. */
  void visit(String text, Consumer<int[]> visitor) {
    if (prefixes.length == 0) {
      return;
    }
    int found = Arrays.binarySearch(prefixes, text);
    int at = firstPrefixOf(text, found >= 0 ? found : -found - 2);
    while (at != NO_PARENT) {
      visitor.accept(positions[at]);
      at = parents[at];
    }
  }

  /**
   * From an entry at or before a text, along the parents, to the longest that the text begins with.
   */
  private int firstPrefixOf(String text, int from) {
    int at = from;
    while (at != NO_PARENT && !text.startsWith(prefixes[at])) {
      at = parents[at];
    }
    return at;
  }
}
