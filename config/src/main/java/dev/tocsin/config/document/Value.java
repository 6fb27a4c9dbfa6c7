package dev.tocsin.config.document;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A part of a document. Each method that reads it reports an error and returns null, or nothing, if
 * it is invalid; the reading continues.
 *
 * @param node the part itself
 * @param path its path in the document
 * @param report receives its problems
 */
public record Value(Node node, String path, Report report) {

  /** A whole document. */
  public static Value of(Node document, Report report) {
    return new Value(document, "", report);
  }

  /** Reports something that makes the text unusable. */
  public void error(String message) {
    report.error(node.position(), path, message);
  }

  /** Reports something that the author should know. */
  public void warning(String message) {
    report.warning(node.position(), path, message);
  }

  /** Reports that this must be something else. */
  public void mustBe(String what) {
    error("must be " + what + ", not " + node.description());
  }

  /**
   * Reports that this must be a number of another kind or size: "not 5", not "not the number 5".
   */
  private void mustBeNumber(String what) {
    error("must be " + what + ", not " + node.description().replaceFirst("^the number ", ""));
  }

  /** The text, or null and a report of the words that it can be. */
  @Nullable
  public String word(String words) {
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.TEXT) {
      return scalar.text();
    }
    mustBe(words);
    return null;
  }

  /** The text, or null and a report. Other scalars are refused, since YAML rewrites them. */
  @Nullable
  public String text() {
    if (node instanceof Node.Scalar scalar) {
      if (scalar.kind() == Node.ScalarKind.TEXT) {
        return scalar.text();
      }
      mustBe(scalar.kind() == Node.ScalarKind.NULL ? "text" : "text (put it in quotes)");
    } else {
      mustBe("text");
    }
    return null;
  }

  /** The boolean, or null and a report. */
  @Nullable
  public Boolean bool() {
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.BOOLEAN) {
      return scalar.text().toLowerCase(Locale.ROOT).equals("true");
    }
    mustBe("true or false");
    return null;
  }

  /** The whole number, from {@code min} to {@code max}, or null and a report. */
  @Nullable
  public Integer integer(int min, int max) {
    BigInteger number =
        node instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.INTEGER
            ? NumberText.integer(scalar.text())
            : null;
    if (number == null
        || number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      mustBeNumber("a whole number from %,d to %,d".formatted(min, max));
      return null;
    }
    return number.intValueExact();
  }

  /** The duration, see {@link DurationText}, or null and a report. */
  @Nullable
  public Duration duration() {
    Duration duration =
        node instanceof Node.Scalar scalar && scalar.kind() != Node.ScalarKind.NULL
            ? DurationText.parse(scalar.text())
            : null;
    if (duration == null) {
      mustBeNumber("a duration such as " + DurationText.EXAMPLES);
    }
    return duration;
  }

  /** The items of the list, or an empty list and a report. */
  public List<Value> items() {
    if (node instanceof Node.Sequence sequence) {
      List<Value> items = new ArrayList<>(sequence.items().size());
      for (Node item : sequence.items()) {
        items.add(new Value(item, FieldPath.of(path, items.size()), report));
      }
      return items;
    }
    mustBe("a list");
    return List.of();
  }

  /** The items of the list; if it is not a list, the value itself. */
  public List<Value> itemsOrSelf() {
    return node instanceof Node.Sequence ? items() : List.of(this);
  }

  /** The fields of the object, or null and a report. */
  @Nullable
  public Fields fields() {
    if (node instanceof Node.Mapping mapping) {
      return new Fields(mapping, path, report);
    }
    mustBe("an object");
    return null;
  }

  /** As {@link #text}, for a possible secret: no message shows it. */
  @Nullable
  public String unshownText() {
    if (node instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.TEXT) {
      return scalar.text();
    }
    error("must be text (put it in quotes)");
    return null;
  }

  /** As {@link #fields}, for a possible secret: no message shows it. */
  @Nullable
  public Fields unshownFields() {
    if (node instanceof Node.Mapping) {
      return fields();
    }
    error("must be an object");
    return null;
  }

  /** Whether it is null. */
  boolean isNull() {
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.ScalarKind.NULL;
  }
}
