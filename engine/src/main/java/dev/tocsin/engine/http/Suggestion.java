package dev.tocsin.engine.http;

import java.util.List;

/** What a person may have meant by a name that is not known. */
final class Suggestion {

  private static final int MAX_LENGTH = 64;

  private Suggestion() {}

  /** {@code "; did you mean 'limit'?"}, or the names there are where none is near. */
  static String of(String name, List<String> known) {
    String nearest = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = name.length() > MAX_LENGTH ? Integer.MAX_VALUE : distance(name, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    boolean isNear = least <= Math.max(1, nearest.length() / 3);
    return isNear
        ? "; did you mean '" + nearest + "'?"
        : "; the parameters are " + String.join(", ", known);
  }

  /** How many characters must be put in, left out or changed (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
