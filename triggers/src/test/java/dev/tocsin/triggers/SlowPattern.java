package dev.tocsin.triggers;

import java.util.HashMap;
import java.util.Map;

/** A glob as its definition reads: does the rest of the pattern fit the rest of the value? */
public final class SlowPattern {

  private final int[] pattern;
  private final int[] value;
  private final Map<Long, Boolean> known = new HashMap<>();

  private SlowPattern(String pattern, String value) {
    this.pattern = pattern.codePoints().toArray();
    this.value = value.codePoints().toArray();
  }

  public static boolean fits(String pattern, String value) {
    return pattern.startsWith("!")
        ? !new SlowPattern(pattern.substring(1), value).fits(0, 0)
        : new SlowPattern(pattern, value).fits(0, 0);
  }

  private boolean fits(int p, int v) {
    Long place = p * 1_000_000L + v;
    Boolean answer = known.get(place);
    if (answer == null) {
      answer = decide(p, v);
      known.put(place, answer);
    }
    return answer;
  }

  private boolean decide(int p, int v) {
    if (p == pattern.length) {
      return v == value.length;
    }
    if (pattern[p] == '*') {
      return fits(p + 1, v) || (v < value.length && fits(p, v + 1));
    }
    if (v == value.length) {
      return false;
    }
    int close = pattern[p] == '[' ? close(p) : -1;
    if (close > 0) {
      return inSet(p + 1, close, value[v]) && fits(close + 1, v + 1);
    }
    return (pattern[p] == '?' || pattern[p] == value[v]) && fits(p + 1, v + 1);
  }

  /** Where the set that opens at {@code open} closes, which is after its first member; or -1. */
  private int close(int open) {
    int firstMember = open + 1;
    if (firstMember < pattern.length && pattern[firstMember] == '!') {
      firstMember++;
    }
    for (int i = firstMember + 1; i < pattern.length; i++) {
      if (pattern[i] == ']') {
        return i;
      }
    }
    return -1;
  }

  private boolean inSet(int from, int to, int c) {
    if (pattern[from] == '!') {
      return !inMembers(from + 1, to, c);
    }
    return inMembers(from, to, c);
  }

  private boolean inMembers(int from, int to, int c) {
    if (from >= to) {
      return false;
    }
    if (from + 2 < to && pattern[from + 1] == '-') {
      return (pattern[from] <= c && c <= pattern[from + 2]) || inMembers(from + 3, to, c);
    }
    return pattern[from] == c || inMembers(from + 1, to, c);
  }
}
