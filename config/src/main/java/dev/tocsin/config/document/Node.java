package dev.tocsin.config.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a YAML or JSON document, with its position. */
public sealed interface Node {

  /** The position of its beginning. */
  Position position();

  /** What it is, and its value if that is short, for a message. */
  String description();

  /**
   * A text, number, boolean or null.
   *
   * @param text the value as written, escapes resolved
   */
  record Scalar(Position position, String text, ScalarKind kind) implements Node {

    @Override
    public String description() {
      return switch (kind) {
        case TEXT -> Quoted.of(text);
        case INTEGER, DECIMAL -> "the number " + Quoted.shortened(text);
        case BOOLEAN -> text;
        case NULL -> "null";
      };
    }
  }

  /** What a scalar is in the core schema of YAML 1.2. */
  enum ScalarKind {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    NULL
  }

  /** A list. */
  record Sequence(Position position, List<Node> items) implements Node {
    @Override
    public String description() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** An object; no name twice. */
  record Mapping(Position position, List<Member> entries) implements Node {

    /** The entry of a name, or null. */
    @Nullable
    public Member find(String name) {
      for (Member entry : entries) {
        if (entry.name().equals(name)) {
          return entry;
        }
      }
      return null;
    }

    @Override
    public String description() {
      return entries.isEmpty() ? "an empty object" : "an object";
    }
  }

  /**
   * A named part of an object.
   *
   * @param position of its name
   */
  record Member(Position position, String name, Node value) {}
}
