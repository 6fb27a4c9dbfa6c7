package dev.tocsin.triggers;

import java.util.Comparator;

/** Order and soundness of strings by Unicode code points. */
public final class CodePoints {

  /**
   * Orders strings by code points. {@link String#compareTo} orders by UTF-16 units and puts the
   * supplementary planes before U+E000.
   */
  public static final Comparator<String> ORDER = CodePoints::compare;

  private CodePoints() {}

  private static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean onlyOneIsSurrogate = Character.isSurrogate(a) != Character.isSurrogate(b);
        return onlyOneIsSurrogate ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /**
   * Whether an identifier, name or label may hold this text: no NUL and no surrogate without its
   * partner, since neither survives a store or UTF-8.
   */
  public static boolean areSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
