package dev.tocsin.actions.template;

import java.util.Collection;

/** The nearest known name to one that is not known. */
final class Suggestion {

  private static final int MAX_LENGTH = 40;

  private Suggestion() {}

  /** "; did you mean 'name'?" where one is near, else ", known are …". */
  static String of(String wrong, Collection<String> known) {
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = wrong.length() > MAX_LENGTH ? MAX_LENGTH : distance(wrong, name);
      if (distance < least) {
        best = name;
        least = distance;
      }
    }
    return least <= Math.max(1, wrong.length() / 3)
        ? "; did you mean '" + best + "'?"
        : "; known are " + String.join(", ", known);
  }

  /** How many characters must be added, taken away or changed (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
