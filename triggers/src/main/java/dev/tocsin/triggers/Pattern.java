package dev.tocsin.triggers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case-sensitive glob over a whole value: {@code *} is any run of characters, {@code ?} one,
 * {@code [abc]}, {@code [a-z]}, {@code [!abc]} one of a set; a leading {@code !} negates the whole;
 * an unclosed {@code [} is itself; there is no escape. A character is a code point.
 *
 * <p>The glob is cut at its stars into pieces of fixed length, which are looked for from left to
 * right, each at its first place after the one before. That is enough: a piece found further right
 * leaves less for those that follow. So nothing is tried twice, however many stars there are, and
 * the work is at most the length of the value times that of the longest piece.
 */
public final class Pattern {

  /** The maximum length of a pattern in UTF-16 units. */
  public static final int MAX_LENGTH = 4_096;

  private final String text;
  private final boolean negated;
  private final List<Piece> pieces;
  private final @Nullable String literal;

  private Pattern(String text, boolean negated, List<Piece> pieces) {
    this.text = text;
    this.negated = negated;
    this.pieces = pieces;
    this.literal = !negated && pieces.size() == 1 ? pieces.getFirst().literal() : null;
  }

  /**
   * Compiles a pattern. Refuses one longer than {@value #MAX_LENGTH}, and what {@link
   * CodePoints#areSound} does, since no value has it; any other text is a pattern.
   */
  public static Pattern of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a pattern has at most " + MAX_LENGTH + " characters, not " + text.length());
    }
    if (!CodePoints.areSound(text)) {
      throw new IllegalArgumentException("a pattern holds a NUL or a lone surrogate");
    }
    boolean negated = text.startsWith("!");
    return new Pattern(text, negated, compile(negated ? text.substring(1) : text));
  }

  /** Whether the whole of a value fits. An absent value fits nothing, negated patterns included. */
  public boolean matches(@Nullable String value) {
    if (literal != null) {
      return literal.equals(value);
    }
    return value != null && fits(value) != negated;
  }

  /** The one value that this pattern fits, or null where it may fit several or none. */
  public @Nullable String literal() {
    return literal;
  }

  /** What every value that fits begins with; empty where that is unknown. */
  public String literalPrefix() {
    return negated ? "" : pieces.getFirst().literalPrefix();
  }

  /** The pattern as written. */
  public String text() {
    return text;
  }

  private boolean fits(String value) {
    Piece first = pieces.getFirst();
    int at = first.endAt(value, 0);
    if (pieces.size() == 1) {
      return at == value.length();
    }
    for (int i = 1; at >= 0 && i < pieces.size() - 1; i++) {
      at = pieces.get(i).endOfFirst(value, at);
    }
    return at >= 0 && pieces.getLast().endsValue(value, at);
  }

  private static List<Piece> compile(String glob) {
    List<Piece> pieces = new ArrayList<>();
    List<CodePointClass> current = new ArrayList<>();
    int at = 0;
    while (at < glob.length()) {
      int c = glob.codePointAt(at);
      int next = at + Character.charCount(c);
      switch (c) {
        case '*' -> {
          if (pieces.isEmpty() || !current.isEmpty()) {
            pieces.add(new Piece(current));
          }
          current = new ArrayList<>();
        }
        case '?' -> current.add(new CodePointClass.Any());
        case '[' -> {
          int close = closeOfSet(glob, at);
          if (close < 0) {
            current.add(new CodePointClass.One(c));
          } else {
            current.add(CodePointClass.set(glob.substring(at + 1, close)));
            next = close + 1;
          }
        }
        default -> current.add(new CodePointClass.One(c));
      }
      at = next;
    }
    pieces.add(new Piece(current));
    return List.copyOf(pieces);
  }

  /**
   * Where the set that opens at {@code open} closes; a {@code ]} in first place is one of the set.
   */
  private static int closeOfSet(String glob, int open) {
    int from = open + 1;
    if (from < glob.length() && glob.charAt(from) == '!') {
      from++;
    }
    if (from < glob.length() && glob.charAt(from) == ']') {
      from++;
    }
    return glob.indexOf(']', from);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Pattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /** A run of code points, each of a class: what stands between two stars. */
  private static final class Piece {

    private final List<CodePointClass> classes;
    private final @Nullable String literal;

    Piece(List<CodePointClass> classes) {
      this.classes = List.copyOf(classes);
      this.literal = prefixOf(classes, true);
    }

    @Nullable String literal() {
      return literal;
    }

    String literalPrefix() {
      String prefix = prefixOf(classes, false);
      return prefix == null ? "" : prefix;
    }

    /** Where this piece ends if it stands exactly at {@code start}, or -1. */
    int endAt(String value, int start) {
      if (literal != null) {
        return value.startsWith(literal, start) ? start + literal.length() : -1;
      }
      int at = start;
      for (CodePointClass expected : classes) {
        if (at >= value.length()) {
          return -1;
        }
        int c = value.codePointAt(at);
        if (!expected.has(c)) {
          return -1;
        }
        at += Character.charCount(c);
      }
      return at;
    }

    /** Where the first occurrence of this piece at or after {@code from} ends, or -1. */
    int endOfFirst(String value, int from) {
      if (literal != null) {
        int start = value.indexOf(literal, from);
        return start < 0 ? -1 : start + literal.length();
      }
      for (int start = from; start < value.length(); ) {
        int end = endAt(value, start);
        if (end >= 0) {
          return end;
        }
        start += Character.charCount(value.codePointAt(start));
      }
      return -1;
    }

    /** Whether the value ends with this piece, which must not begin before {@code from}. */
    boolean endsValue(String value, int from) {
      if (literal != null) {
        return value.length() - literal.length() >= from && value.endsWith(literal);
      }
      int start = value.length();
      for (int i = 0; i < classes.size(); i++) {
        if (start <= from) {
          return false;
        }
        start -= Character.charCount(value.codePointBefore(start));
      }
      return start >= from && endAt(value, start) == value.length();
    }

    private static @Nullable String prefixOf(List<CodePointClass> classes, boolean wholeOrNothing) {
      StringBuilder prefix = new StringBuilder();
      for (CodePointClass next : classes) {
        if (!(next instanceof CodePointClass.One one)) {
          return wholeOrNothing ? null : prefix.toString();
        }
        prefix.appendCodePoint(one.codePoint());
      }
      return prefix.toString();
    }
  }

  /** One place of a glob. */
  private sealed interface CodePointClass {

    boolean has(int codePoint);

    record Any() implements CodePointClass {
      @Override
      public boolean has(int c) {
        return true;
      }
    }

    record One(int codePoint) implements CodePointClass {
      @Override
      public boolean has(int c) {
        return c == codePoint;
      }
    }

    record Range(int first, int last) implements CodePointClass {
      @Override
      public boolean has(int c) {
        return first <= c && c <= last;
      }
    }

    record Set(List<CodePointClass> members, boolean negated) implements CodePointClass {
      @Override
      public boolean has(int c) {
        for (CodePointClass member : members) {
          if (member.has(c)) {
            return !negated;
          }
        }
        return negated;
      }
    }

    /** The set written between brackets. A range that runs backwards holds nothing. */
    static CodePointClass set(String inside) {
      boolean negated = inside.startsWith("!");
      int[] points = inside.substring(negated ? 1 : 0).codePoints().toArray();
      List<CodePointClass> members = new ArrayList<>();
      for (int i = 0; i < points.length; i++) {
        if (i + 2 < points.length && points[i + 1] == '-') {
          members.add(new Range(points[i], points[i + 2]));
          i += 2;
        } else {
          members.add(new One(points[i]));
        }
      }
      return new Set(List.copyOf(members), negated);
    }
  }
}
