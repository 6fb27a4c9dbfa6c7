package dev.tocsin.config.document;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON (RFC 8259) into positioned nodes. YAML 1.2 includes almost all of JSON, but its parser
 * refuses names of over 1,024 characters, a colon on the next line, and DEL.
 */
public final class JsonNodes {

  private static final Pattern INNER_PLACE = Pattern.compile(" \\(start marker at \\[.*\\]\\)");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NodeBuilder.MAX_DEPTH + 1)
                  .maxNameLength(DocumentReader.MAX_LENGTH)
                  .maxStringLength(DocumentReader.MAX_LENGTH)
                  .build())
          .build();

  private JsonNodes() {}

  /** The one document of a text, or none and a report of the first place that cannot be read. */
  public static List<Node> read(String text, Report report) {
    NodeBuilder builder = new NodeBuilder(report);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      boolean more = parser.nextToken() != null;
      int depth = 0;
      while (more) {
        depth += take(parser, builder);
        if (depth == 0 && parser.nextToken() != null) {
          throw new UnreadableException(
              position(parser), "", "unexpected content after the end of the document");
        }
        more = depth > 0 && parser.nextToken() != null;
      }
    } catch (UnreadableException e) {
      report.error(e.position(), e.path(), e.problem());
      return List.of();
    } catch (StreamConstraintsException e) {
      report.error(Position.WHOLE, "", "invalid JSON: " + e.getOriginalMessage());
      return List.of();
    } catch (StreamReadException e) {
      TokenStreamLocation at = e.getLocation();
      Position position =
          at == null ? Position.WHOLE : new Position(at.getLineNr(), at.getColumnNr());
      report.error(position, builder.path(), "invalid JSON: " + problem(e));
      return List.of();
    }
    Node document = builder.document();
    return document == null ? List.of() : List.of(document);
  }

  /** The message of the parser without its source and without unknown places. */
  private static String problem(StreamReadException e) {
    return INNER_PLACE.matcher(e.getOriginalMessage()).replaceAll("");
  }

  /** Reads the current token and returns the change of the depth. */
  private static int take(JsonParser parser, NodeBuilder builder) {
    Position position = position(parser);
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        builder.startMapping(position, null);
        return 1;
      }
      case START_ARRAY -> {
        builder.startSequence(position, null);
        return 1;
      }
      case END_OBJECT, END_ARRAY -> {
        builder.end();
        return -1;
      }
      case PROPERTY_NAME, VALUE_STRING ->
          builder.scalar(position, parser.getString(), Node.ScalarKind.TEXT, null);
      case VALUE_NUMBER_INT ->
          builder.scalar(position, parser.getString(), Node.ScalarKind.INTEGER, null);
      case VALUE_NUMBER_FLOAT ->
          builder.scalar(position, parser.getString(), Node.ScalarKind.DECIMAL, null);
      case VALUE_TRUE, VALUE_FALSE ->
          builder.scalar(position, parser.getString(), Node.ScalarKind.BOOLEAN, null);
      case VALUE_NULL -> builder.scalar(position, parser.getString(), Node.ScalarKind.NULL, null);
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a text has no such token");
    }
    return 0;
  }

  private static Position position(JsonParser parser) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Position(at.getLineNr(), at.getColumnNr());
  }
}
