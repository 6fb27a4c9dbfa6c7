package dev.tocsin.actions.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What filters and methods do with text. */
final class Texts {

  private static final Pattern WHITESPACE = Pattern.compile("\\s+");

  private Texts() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String capitalize(String text) {
    return text.isEmpty() ? text : upper(text.substring(0, 1)) + lower(text.substring(1));
  }

  static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      title.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetterOrDigit(c) || c == '\'';
    }
    return title.toString();
  }

  /** Text without the given characters, or without white space, at its ends. */
  static String strip(
      String text, @Nullable Object characters, boolean left, boolean right, Rendition rendition) {
    String set = characters == null ? null : rendition.text(characters);
    rendition.spend((long) text.length() * (set == null ? 1 : Math.max(1, set.length())));
    int start = 0;
    int end = text.length();
    while (left && start < end && strips(text.charAt(start), set)) {
      start++;
    }
    while (right && start < end && strips(text.charAt(end - 1), set)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean strips(char c, @Nullable String set) {
    return set == null ? Character.isWhitespace(c) : set.indexOf(c) >= 0;
  }

  static List<@Nullable Object> split(
      String text, @Nullable Object separator, Rendition rendition) {
    List<@Nullable Object> parts = new ArrayList<>();
    String by = separator == null ? "" : rendition.text(separator);
    if (by.isEmpty()) {
      for (String word : WHITESPACE.splitAsStream(text.strip()).toList()) {
        if (!word.isEmpty()) {
          parts.add(word);
        }
      }
      return rendition.bounded(parts);
    }
    int from = 0;
    for (int at = text.indexOf(by); at >= 0; at = text.indexOf(by, from)) {
      parts.add(text.substring(from, at));
      from = at + by.length();
    }
    parts.add(text.substring(from));
    return rendition.bounded(parts);
  }

  static String replace(String text, Arguments arguments, Rendition rendition) {
    String old = arguments.text(0, "old", "", rendition);
    String replacement = arguments.text(1, "new", "", rendition);
    int most = arguments.whole(2, "count", Integer.MAX_VALUE, rendition);
    if (old.isEmpty()) {
      return text;
    }
    BoundedText result = new BoundedText(rendition);
    int from = 0;
    int count = 0;
    for (int at = text.indexOf(old); at >= 0 && count < most; at = text.indexOf(old, from)) {
      result.append(text.substring(from, at)).append(replacement);
      from = at + old.length();
      count++;
    }
    return result.append(text.substring(from)).toString();
  }

  /** Jinja's truncate: at most so many characters, the end mark among them, at a word's end. */
  static String truncate(String text, Arguments arguments, Rendition rendition) {
    int length = Math.max(0, arguments.whole(0, "length", 255, rendition));
    String end = arguments.text(2, "end", "...", rendition);
    int leeway = Math.max(0, arguments.whole(3, "leeway", 5, rendition));
    if (text.length() <= (long) length + leeway) {
      return text;
    }
    int keep = Math.max(0, length - end.length());
    if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
      keep--;
    }
    String kept = text.substring(0, keep);
    int space = kept.lastIndexOf(' ');
    boolean wholeWords = !arguments.truth(1, "killwords") && space >= 0;
    return (wholeWords ? kept.substring(0, space) : kept) + end;
  }

  static String indent(String text, Arguments arguments, Rendition rendition) {
    Object width = arguments.get(0, "width");
    String margin =
        width instanceof String given
            ? given
            : " ".repeat(Math.clamp(arguments.whole(0, "width", 4, rendition), 0, 1_000));
    boolean first = arguments.truth(1, "first");
    boolean blank = arguments.truth(2, "blank");
    BoundedText result = new BoundedText(rendition);
    int number = 0;
    for (String line : text.split("\n", -1)) {
      if (number > 0) {
        result.append('\n');
      }
      boolean indents = number == 0 ? first : blank || !line.isEmpty();
      result.append(indents ? margin : "").append(line);
      number++;
    }
    return result.toString();
  }

  static String escapeHtml(String text, Rendition rendition) {
    BoundedText result = new BoundedText(rendition);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> result.append("&amp;");
        case '<' -> result.append("&lt;");
        case '>' -> result.append("&gt;");
        case '"' -> result.append("&#34;");
        case '\'' -> result.append("&#39;");
        default -> result.append(c);
      }
    }
    return result.toString();
  }

  /** Percent-encoded for a path (RFC 3986), slashes as they are. */
  static String percentEncode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%2F", "/");
  }

  static String center(String text, int width, Rendition rendition) {
    int space = Math.max(0, width - text.length());
    return new BoundedText(rendition)
        .repeat(" ", space / 2)
        .append(text)
        .repeat(" ", space - space / 2)
        .toString();
  }
}
