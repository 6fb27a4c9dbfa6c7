package dev.tocsin.config.document;

import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parts of a document as JSON. */
public final class JsonValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonValues() {}

  /** The part with its contents; a number that JSON cannot represent is null and reported. */
  public static JsonNode of(Value value) {
    return switch (value.node()) {
      case Node.Mapping mapping -> {
        ObjectNode object = NODES.objectNode();
        new Fields(mapping, value.path(), value.report())
            .all()
            .forEach((name, field) -> object.set(name, of(field)));
        yield object;
      }
      case Node.Sequence _ -> {
        ArrayNode array = NODES.arrayNode();
        value.items().forEach(item -> array.add(of(item)));
        yield array;
      }
      case Node.Scalar scalar -> literal(value, scalar);
    };
  }

  /** A scalar; a number that JSON cannot represent is null and reported. */
  public static JsonNode literal(Value value, Node.Scalar scalar) {
    return switch (scalar.kind()) {
      case NULL -> NODES.nullNode();
      case BOOLEAN -> NODES.booleanNode(Boolean.parseBoolean(scalar.text()));
      case INTEGER -> {
        BigInteger number = NumberText.integer(scalar.text());
        if (number == null) {
          value.mustBe("a number of at most " + NumberText.MAX_LENGTH + " characters");
          yield NODES.nullNode();
        }
        yield whole(number);
      }
      case DECIMAL -> {
        if (NumberText.decimal(scalar.text()) == null) {
          value.mustBe("a number that JSON can represent");
          yield NODES.nullNode();
        }
        yield NODES.numberNode(Double.parseDouble(scalar.text()));
      }
      case TEXT -> NODES.stringNode(scalar.text());
    };
  }

  private static JsonNode whole(BigInteger number) {
    if (number.bitLength() < Integer.SIZE) {
      return NODES.numberNode(number.intValueExact());
    }
    return number.bitLength() < Long.SIZE
        ? NODES.numberNode(number.longValueExact())
        : NODES.numberNode(number);
  }
}
