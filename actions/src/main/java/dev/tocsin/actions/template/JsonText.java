package dev.tocsin.actions.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a template as JSON (RFC 8259). */
final class JsonText {

  private static final int MAX_DEPTH = 1_000;

  private final Rendition rendition;
  private final BoundedText out;
  private final int indent;

  private JsonText(Rendition rendition, int indent) {
    this.rendition = rendition;
    this.out = new BoundedText(rendition);
    this.indent = indent;
  }

  /** On one line, without spaces. */
  static String compact(@Nullable Object value, Rendition rendition) {
    return indented(value, 0, rendition);
  }

  /** A line for each item, indented by so many spaces a level; 0 is {@link #compact}. */
  static String indented(@Nullable Object value, int indent, Rendition rendition) {
    JsonText json = new JsonText(rendition, indent);
    json.write(value, 0);
    String text = json.out.toString();
    rendition.spend(text.length());
    return text;
  }

  private void write(@Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw rendition.fault("a value is nested deeper than 1,000 levels");
    }
    Object plain = Rendition.plain(rendition.use(value));
    switch (plain) {
      case null -> out.append("null");
      case String text -> quote(text);
      case Boolean truth -> out.append(truth.toString());
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Number number -> out.append(number.toString());
      case Map<?, ?> map -> fields(map, depth);
      case List<?> list -> items(list, depth);
      default -> throw rendition.fault("cannot write " + Values.kind(plain) + " as JSON");
    }
  }

  private void fields(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> field : map.entrySet()) {
      separate(first, depth + 1);
      first = false;
      quote(String.valueOf(field.getKey()));
      out.append(indent == 0 ? ":" : ": ");
      write(field.getValue(), depth + 1);
    }
    close(map.isEmpty(), depth, '}');
  }

  private void items(List<?> list, int depth) {
    out.append('[');
    boolean first = true;
    for (Object item : list) {
      separate(first, depth + 1);
      first = false;
      write(item, depth + 1);
    }
    close(list.isEmpty(), depth, ']');
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    breakLine(depth);
  }

  private void close(boolean empty, int depth, char bracket) {
    if (!empty) {
      breakLine(depth);
    }
    out.append(bracket);
  }

  private void breakLine(int depth) {
    if (indent > 0) {
      out.append('\n').repeat(" ", (long) indent * depth);
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || (Character.isSurrogate(c) && !paired(text, i))) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean paired(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }
}
