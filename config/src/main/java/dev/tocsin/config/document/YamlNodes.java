package dev.tocsin.config.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * YAML 1.2 into positioned nodes, with the core schema. It uses the parser's events, not its
 * composed nodes, since those are made by recursion and drop duplicate names.
 */
public final class YamlNodes {

  private static final int MIN_BUFFER = 1_024;
  private static final int MAX_BUFFER = 1 << 20;
  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private final Report report;
  private final List<Node> documents = new ArrayList<>();
  private NodeBuilder builder;

  private YamlNodes(Report report) {
    this.report = report;
    this.builder = new NodeBuilder(report);
  }

  /** The documents up to the first place that cannot be read, which is reported. */
  public static List<Node> read(String text, Report report) {
    YamlNodes nodes = new YamlNodes(report);
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(report.file())
            .setCodePointLimit(DocumentReader.MAX_LENGTH)
            // The parser copies the rest of a token each time that it reads a buffer further.
            .setBufferSize(Math.clamp(text.length(), MIN_BUFFER, MAX_BUFFER))
            .build();
    try {
      new Parse(settings).parseString(text).forEach(nodes::take);
    } catch (UnreadableException e) {
      report.error(e.position(), e.path(), e.problem());
    } catch (ReaderException e) {
      report.error(
          Position.in(text, Math.min(e.getPosition(), text.length())),
          "",
          "contains the character U+%04X, which YAML does not allow".formatted(e.getCodePoint()));
    } catch (MarkedYamlEngineException e) {
      report.error(position(e), nodes.builder.path(), "invalid YAML: " + sentence(e));
    } catch (YamlEngineException e) {
      report.error(Position.WHOLE, "", "invalid YAML: " + e.getMessage());
    }
    return nodes.documents;
  }

  /** The scalar that a text without quotes is. */
  public static Node.Scalar plain(Position position, String text) {
    Node.ScalarKind kind = kindOf(RESOLVER.resolve(text, true));
    return new Node.Scalar(position, text, kind == null ? Node.ScalarKind.TEXT : kind);
  }

  private void take(Event event) {
    Position position = position(event.getStartMark());
    switch (event.getEventId()) {
      case DocumentStart -> builder = new NodeBuilder(report);
      case DocumentEnd -> addDocument();
      case SequenceStart -> builder.startSequence(position, anchorOf((CollectionStartEvent) event));
      case MappingStart -> builder.startMapping(position, anchorOf((CollectionStartEvent) event));
      case SequenceEnd, MappingEnd -> builder.end();
      case Scalar -> scalar((ScalarEvent) event, position);
      case Alias -> builder.alias(position, ((AliasEvent) event).getAlias().getValue());
      case StreamStart, StreamEnd, Comment -> {}
    }
  }

  private void addDocument() {
    Node document = builder.document();
    boolean isEmpty =
        document instanceof Node.Scalar scalar
            && scalar.kind() == Node.ScalarKind.NULL
            && scalar.text().isEmpty();
    if (document != null && !isEmpty) {
      documents.add(document);
    }
  }

  private void scalar(ScalarEvent event, Position position) {
    Tag tag = event.getTag().map(Tag::new).orElseGet(() -> implicitTag(event));
    Node.ScalarKind kind = kindOf(tag);
    if (kind == null) {
      reportTag(position, tag.toString());
    }
    builder.scalar(
        position,
        event.getValue(),
        kind == null ? Node.ScalarKind.TEXT : kind,
        event.getAnchor().map(Anchor::getValue).orElse(null));
  }

  private static Tag implicitTag(ScalarEvent event) {
    return RESOLVER.resolve(event.getValue(), event.getScalarStyle() == ScalarStyle.PLAIN);
  }

  private static Node.@Nullable ScalarKind kindOf(Tag tag) {
    if (tag.equals(Tag.STR)) {
      return Node.ScalarKind.TEXT;
    }
    if (tag.equals(Tag.INT)) {
      return Node.ScalarKind.INTEGER;
    }
    if (tag.equals(Tag.FLOAT)) {
      return Node.ScalarKind.DECIMAL;
    }
    if (tag.equals(Tag.BOOL)) {
      return Node.ScalarKind.BOOLEAN;
    }
    return tag.equals(Tag.NULL) ? Node.ScalarKind.NULL : null;
  }

  private void reportTag(Position position, String tag) {
    report.error(position, builder.path(), "unsupported tag " + tag);
  }

  private @Nullable String anchorOf(CollectionStartEvent event) {
    event
        .getTag()
        .filter(tag -> !tag.equals(Tag.MAP.getValue()) && !tag.equals(Tag.SEQ.getValue()))
        .ifPresent(tag -> reportTag(position(event.getStartMark()), tag));
    return event.getAnchor().map(Anchor::getValue).orElse(null);
  }

  private static Position position(MarkedYamlEngineException e) {
    return position(e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark());
  }

  private static Position position(Optional<Mark> mark) {
    return mark.map(at -> new Position(at.getLine() + 1, at.getColumn() + 1))
        .orElse(Position.WHOLE);
  }

  private static String sentence(MarkedYamlEngineException e) {
    String problem = e.getProblem();
    if (problem.contains("\\t(TAB)")) {
      return "tabs cannot indent; use spaces";
    }
    String context = e.getContext();
    return context == null ? problem : problem + " (" + context + ")";
  }
}
