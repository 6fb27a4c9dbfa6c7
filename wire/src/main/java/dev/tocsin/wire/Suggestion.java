package dev.tocsin.wire;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Suggests the known name that resembles a mistyped one. */
public final class Suggestion {

  private static final int MAX_LENGTH = 100;

  /** A shorter name may have one mistake; a longer one two, or a third of its length. */
  private static final int SHORT = 5;

  private Suggestion() {}

  /** The nearest known name, as {@code ; did you mean within?}; empty if none is near. */
  public static String of(String name, Collection<String> known) {
    String nearest = nearest(name, known);
    return nearest == null ? "" : "; did you mean " + nearest + "?";
  }

  /** As {@link #of}; if none is near, all known names: {@code ; known are after, expect}. */
  public static String orAll(String name, Collection<String> known) {
    String near = of(name, known);
    return near.isEmpty() ? "; known are " + String.join(", ", known) : near;
  }

  private static @Nullable String nearest(String name, Collection<String> known) {
    if (name.length() > MAX_LENGTH) {
      return null;
    }
    String nearest = null;
    int limit = name.length() < SHORT ? 2 : Math.max(2, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(folded(name), folded(candidate));
      if (distance < limit) {
        limit = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** The number of insertions, deletions, replacements and swaps of neighbors between two texts. */
  private static int distance(String left, String right) {
    int[][] costs = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        costs[i][j] = i == 0 || j == 0 ? i + j : cheapest(costs, left, right, i, j);
      }
    }
    return costs[left.length()][right.length()];
  }

  private static int cheapest(int[][] costs, String left, String right, int i, int j) {
    int replaced = costs[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
    int cost = Math.min(replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1);
    return swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
  }
}
