package dev.tocsin.triggers.runtime;

import org.jspecify.annotations.Nullable;

/**
 * States as version 1 wrote them, which is still read: text, a version, then fields, each with its
 * length before it, so that a field may hold anything. Absent text is {@code -}.
 */
final class StateText {

  private StateText() {}

  /** Reads fields in the order in which they were written. */
  static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    boolean hasMore() {
      return at < text.length();
    }

    @Nullable String nextOrNull() {
      if (text.startsWith("-", at)) {
        at++;
        return null;
      }
      int colon = text.indexOf(':', at);
      if (colon < 0) {
        throw new IllegalArgumentException("not the text of a state: " + text);
      }
      int end = colon + 1 + Integer.parseUnsignedInt(text.substring(at, colon));
      if (end <= colon || end > text.length()) {
        throw new IllegalArgumentException("not the text of a state: " + text);
      }
      String field = text.substring(colon + 1, end);
      at = end;
      return field;
    }

    String next() {
      String field = nextOrNull();
      if (field == null) {
        throw new IllegalArgumentException("not the text of a state: " + text);
      }
      return field;
    }

    long nextLong() {
      return Long.parseLong(next());
    }

    int nextInt() {
      return Integer.parseInt(next());
    }

    @Nullable EventRef nextCovered() {
      String id = nextOrNull();
      return id == null ? null : EventRef.of(id, nextInt(), next());
    }
  }
}
