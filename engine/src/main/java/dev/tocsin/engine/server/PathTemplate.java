package dev.tocsin.engine.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path in which a segment in braces stands for any one segment: {@code /api/events/{id}}.
 *
 * @param text as it is written, which also names the route in the metrics
 * @param segments between its slashes; a parameter with its braces
 */
record PathTemplate(String text, List<String> segments) {

  /** Parses a template, which begins with a slash and does not end with one. */
  static PathTemplate of(String text) {
    if (!text.startsWith("/") || (text.endsWith("/") && text.length() > 1)) {
      throw new IllegalArgumentException("not a path: " + text);
    }
    return new PathTemplate(text, List.of(text.substring(1).split("/", -1)));
  }

  /** Whether it stands for one path only. */
  boolean isFixed() {
    return segments.stream().noneMatch(PathTemplate::isParameter);
  }

  /** Names of the parameters, in order. */
  List<String> parameters() {
    return segments.stream()
        .filter(PathTemplate::isParameter)
        .map(segment -> segment.substring(1, segment.length() - 1))
        .toList();
  }

  /** The segments in place of the parameters, still encoded; null if the path does not fit. */
  @Nullable List<String> match(String path) {
    List<String> values = new ArrayList<>();
    int at = 1;
    for (int i = 0; i < segments.size(); i++) {
      boolean isLast = i == segments.size() - 1;
      int slash = path.indexOf('/', at);
      if (at > path.length() || isLast != slash < 0) {
        return null;
      }
      int end = isLast ? path.length() : slash;
      String segment = segments.get(i);
      if (isParameter(segment)) {
        if (end == at) {
          return null;
        }
        values.add(path.substring(at, end));
      } else if (end - at != segment.length() || !path.startsWith(segment, at)) {
        return null;
      }
      at = end + 1;
    }
    return values;
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
