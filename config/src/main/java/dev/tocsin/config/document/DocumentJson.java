package dev.tocsin.config.document;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a part of a document as JSON without loss: {@link JsonNodes} reads the same nodes from it,
 * except for their positions. Fields keep their order and numbers their digits; a number that only
 * YAML can write ({@code 0x1F}, {@code .5}) becomes the same number of the same kind.
 */
public final class DocumentJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private DocumentJson() {}

  /** The JSON text of a node, on one line. */
  public static String write(Node node) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      write(node, json);
    }
    return text.toString();
  }

  private static void write(Node node, JsonGenerator json) {
    switch (node) {
      case Node.Mapping mapping -> {
        json.writeStartObject();
        for (Node.Member entry : mapping.entries()) {
          json.writeName(entry.name());
          write(entry.value(), json);
        }
        json.writeEndObject();
      }
      case Node.Sequence sequence -> {
        json.writeStartArray();
        sequence.items().forEach(item -> write(item, json));
        json.writeEndArray();
      }
      case Node.Scalar scalar -> write(scalar, json);
    }
  }

  private static void write(Node.Scalar scalar, JsonGenerator json) {
    String text = scalar.text();
    switch (scalar.kind()) {
      case NULL -> json.writeNull();
      case BOOLEAN -> json.writeBoolean(text.toLowerCase(Locale.ROOT).equals("true"));
      case TEXT -> json.writeString(text);
      case INTEGER, DECIMAL -> {
        String number = NUMBER.matcher(text).matches() ? text : number(scalar);
        if (number == null) {
          // No reader accepts such a number; it is kept as it was written.
          json.writeString(text);
        } else {
          json.writeNumber(number);
        }
      }
    }
  }

  private static @Nullable String number(Node.Scalar scalar) {
    if (scalar.kind() == Node.ScalarKind.INTEGER) {
      BigInteger integer = NumberText.integer(scalar.text());
      return integer == null ? null : integer.toString();
    }
    BigDecimal decimal = NumberText.decimal(scalar.text());
    if (decimal == null) {
      return null;
    }
    String text = decimal.toString();
    return text.matches("-?[0-9]+") ? text + ".0" : text;
  }
}
