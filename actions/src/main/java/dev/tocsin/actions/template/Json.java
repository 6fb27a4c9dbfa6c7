package dev.tocsin.actions.template;

import com.hubspot.jinjava.objects.PyWrapper;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.objects.collections.PyMap;
import com.hubspot.jinjava.util.LengthLimitingStringBuilder;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Values as JSON: maps and lists that print so. */
final class Json {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectWriter COMPACT = MAPPER.writer();

  /**
   * Beyond it a number is only printed: 1e999999999 is short to write, too long to compute with.
   */
  private static final int MAX_SCALE = 1_000;

  private Json() {}

  /** A value as templates see it: maps and lists print as JSON, a supplier is what it supplies. */
  static @Nullable Object wrap(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case JsonMap map -> map;
      case JsonList list -> list;
      case Supplier<?> lazy -> wrap(lazy.get());
      case PyMap map -> new JsonMap(map.toMap());
      case PyList list -> new JsonList(list.toList());
      case PyWrapper other -> other;
      case Map<?, ?> map -> new JsonMap(map);
      case Collection<?> items -> new JsonList(items);
      case Object[] items -> new JsonList(Arrays.asList(items));
      case Map.Entry<?, ?> entry -> new JsonList(Arrays.asList(entry.getKey(), entry.getValue()));
      default -> value;
    };
  }

  static boolean isTooLong(BigDecimal number) {
    return Math.abs((long) number.scale()) > MAX_SCALE;
  }

  /** How a value prints: nothing for null, JSON for maps and lists. */
  static String print(@Nullable Object value) {
    Object wrapped = wrap(value);
    return wrapped == null ? "" : wrapped.toString();
  }

  /** A value as JSON; with an indentation other than 0, in indented lines. */
  static String text(@Nullable Object value, int indent) {
    ObjectWriter writer = indent == 0 ? COMPACT : COMPACT.with(printer(indent));
    BoundedText text = new BoundedText();
    try (JsonGenerator json = writer.createGenerator(text)) {
      write(wrap(value), json);
    }
    return text.toString();
  }

  private static DefaultPrettyPrinter printer(int indent) {
    DefaultIndenter lines = new DefaultIndenter(" ".repeat(indent), "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
        .withObjectIndenter(lines)
        .withArrayIndenter(lines);
  }

  private static void write(@Nullable Object value, JsonGenerator json) {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (name, field) -> {
              json.writeName(String.valueOf(name));
              write(wrap(field), json);
            });
        json.writeEndObject();
      }
      case Collection<?> items -> {
        json.writeStartArray();
        items.forEach(item -> write(wrap(item), json));
        json.writeEndArray();
      }
      case Number number -> json.writePOJO(number);
      case Boolean truth -> json.writeBoolean(truth);
      default -> json.writeString(value.toString());
    }
  }

  private static final class JsonMap extends PyMap {
    @SuppressWarnings("unchecked")
    JsonMap(Map<?, ?> map) {
      super((Map<String, Object>) map);
    }

    @Override
    public String toString() {
      return text(this, 0);
    }
  }

  private static final class JsonList extends PyList {
    JsonList(Collection<?> items) {
      super(new Wrapped(items instanceof List<?> list ? list : new ArrayList<>(items)));
    }

    @Override
    public String toString() {
      return text(this, 0);
    }
  }

  /** A list whose items are wrapped when they are asked for, also by Jinjava's filters. */
  private static final class Wrapped extends AbstractList<@Nullable Object> {
    private final List<?> items;

    Wrapped(List<?> items) {
      this.items = items;
    }

    @Override
    public @Nullable Object get(int place) {
      return wrap(items.get(place));
    }

    @Override
    public int size() {
      return items.size();
    }
  }

  /** Ends what grows without bound while it is written. */
  private static final class BoundedText extends Writer {
    private final LengthLimitingStringBuilder text =
        new LengthLimitingStringBuilder(BoundedInterpreter.MAX_TEXT);

    @Override
    public void write(char[] characters, int from, int count) {
      text.append(new String(characters, from, count));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
