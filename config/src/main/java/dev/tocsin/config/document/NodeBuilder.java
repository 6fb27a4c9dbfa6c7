package dev.tocsin.config.document;

import dev.tocsin.triggers.CodePoints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds one document out of the parts that a parser meets, without recursion. Bounds its depth,
 * its size and what aliases multiply; reports duplicate names in an object.
 */
final class NodeBuilder {

  /** Deepest nesting of lists and objects. */
  static final int MAX_DEPTH = 100;

  /** Maximum number of lists, objects and scalars of a document. */
  static final int MAX_NODES = 5_000_000;

  /** Maximum number of lists, objects and scalars that all aliases of a document expand to. */
  static final int MAX_ALIASED = 100_000;

  /** Replaces a name that is not text; no text contains a NUL. */
  private static final String UNNAMED = "\0";

  private final Report report;
  private final Deque<OpenPart> open = new ArrayDeque<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private @Nullable Node root;
  private int nodes;
  private int aliased;

  NodeBuilder(Report report) {
    this.report = report;
  }

  /** Adds a scalar. */
  void scalar(Position position, String text, Node.ScalarKind kind, @Nullable String anchor) {
    boolean isSound = CodePoints.areSound(text);
    if (!isSound) {
      report.error(position, path(), "must not contain a NUL or a lone surrogate");
    }
    count(position);
    add(new Node.Scalar(position, isSound ? text : "?", kind), anchor, 1);
  }

  /** Begins a list. */
  void startSequence(Position position, @Nullable String anchor) {
    push(new OpenPart(position, false, anchor));
  }

  /** Begins an object. */
  void startMapping(Position position, @Nullable String anchor) {
    push(new OpenPart(position, true, anchor));
  }

  /** Ends the list or object that was begun last. */
  void end() {
    OpenPart closed = open.pop();
    add(closed.build(), closed.anchor, closed.size);
  }

  /** Repeats an anchored part. */
  void alias(Position position, String anchor) {
    Anchored target = anchors.get(anchor);
    if (target == null) {
      throw new UnreadableException(
          position, path(), "the alias *" + anchor + " is inside its own anchor, or has no anchor");
    }
    aliased += target.size;
    if (aliased > MAX_ALIASED) {
      throw new UnreadableException(
          position,
          path(),
          "the aliases of a document must expand to at most %,d values".formatted(MAX_ALIASED));
    }
    add(target.node, null, target.size);
  }

  /** The document, once every part of it has ended; null if there was none. */
  @Nullable Node document() {
    return root;
  }

  /** The path of the next part. */
  String path() {
    OpenPart current = open.peek();
    if (current == null) {
      return "";
    }
    if (!current.mapping) {
      return current.path + "[" + current.items.size() + "]";
    }
    return current.name == null || current.name.equals(UNNAMED)
        ? current.path
        : FieldPath.of(current.path, current.name);
  }

  private void push(OpenPart next) {
    if (open.size() == MAX_DEPTH) {
      throw new UnreadableException(
          next.position, "", "must be nested at most " + MAX_DEPTH + " levels deep");
    }
    count(next.position);
    next.path = path();
    open.push(next);
  }

  private void count(Position position) {
    nodes++;
    if (nodes > MAX_NODES) {
      throw new UnreadableException(
          position, "", "must have at most %,d values".formatted(MAX_NODES));
    }
  }

  private void add(Node node, @Nullable String anchor, int size) {
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, size));
    }
    OpenPart parent = open.peek();
    if (parent == null) {
      root = node;
      return;
    }
    parent.size = Math.min(parent.size + size, MAX_NODES);
    if (parent.mapping) {
      addToMapping(parent, node);
    } else {
      parent.items.add(node);
    }
  }

  private void addToMapping(OpenPart parent, Node node) {
    String name = parent.name;
    if (name == null) {
      parent.name = nameOf(node, parent);
      parent.namePosition = node.position();
      return;
    }
    parent.name = null;
    if (name.equals(UNNAMED)) {
      return;
    }
    if (parent.names.add(name)) {
      parent.entries.add(new Node.Member(parent.namePosition, name, node));
    } else {
      report.error(parent.namePosition, FieldPath.of(parent.path, name), "duplicate key");
    }
  }

  private String nameOf(Node node, OpenPart parent) {
    if (node instanceof Node.Scalar scalar) {
      return scalar.text();
    }
    report.error(
        node.position(), parent.path, "field names must be text, not " + node.description());
    return UNNAMED;
  }

  /** A finished part that may be repeated, and how many values it is made of. */
  private record Anchored(Node node, int size) {}

  /** A list or object that has not ended. */
  private static final class OpenPart {
    private final Position position;
    private final boolean mapping;
    private final @Nullable String anchor;
    private final List<Node> items = new ArrayList<>();
    private final List<Node.Member> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private String path = "";
    private @Nullable String name;
    private Position namePosition = Position.WHOLE;
    private int size = 1;

    private OpenPart(Position position, boolean mapping, @Nullable String anchor) {
      this.position = position;
      this.mapping = mapping;
      this.anchor = anchor;
    }

    private Node build() {
      return mapping
          ? new Node.Mapping(position, List.copyOf(entries))
          : new Node.Sequence(position, List.copyOf(items));
    }
  }
}
