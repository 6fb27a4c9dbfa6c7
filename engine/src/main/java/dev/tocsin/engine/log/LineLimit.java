package dev.tocsin.engine.log;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how many lines of one kind are logged in a window of time. The first line after a window
 * begins the next one. For one thread at a time.
 */
final class LineLimit {

  /** More kinds than this in one window share a limit. */
  private static final int MAX_KINDS = 1_000;

  private static final String OTHER = "other kinds";

  private final int maxLines;
  private final long windowMillis;
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private long windowEnd;

  /** At most {@code maxLines} of a kind in each {@code windowMillis}. */
  LineLimit(int maxLines, long windowMillis) {
    this.maxLines = maxLines;
    this.windowMillis = windowMillis;
  }

  /** Counts a line of a kind; returns whether it may be logged. */
  boolean admits(String kind) {
    String counted = lines.containsKey(kind) || lines.size() < MAX_KINDS ? kind : OTHER;
    return lines.merge(counted, 1, Integer::sum) <= maxLines;
  }

  /**
   * Begins a new window if the last one has ended, or if the clock went back.
   *
   * @return how many lines of each kind the last window did not admit, if it has ended
   */
  Map<String, Integer> advance(long nowMillis) {
    if (nowMillis < windowEnd && nowMillis >= windowEnd - windowMillis) {
      return Map.of();
    }
    windowEnd = nowMillis + windowMillis;
    return end();
  }

  /**
   * Ends the window.
   *
   * @return how many lines of each kind it did not admit
   */
  Map<String, Integer> end() {
    Map<String, Integer> refused = new LinkedHashMap<>();
    lines.forEach(
        (kind, count) -> {
          if (count > maxLines) {
            refused.put(kind, count - maxLines);
          }
        });
    lines.clear();
    return refused;
  }
}
