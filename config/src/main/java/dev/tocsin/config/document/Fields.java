package dev.tocsin.config.document;

import dev.tocsin.wire.Problem;
import dev.tocsin.wire.Suggestion;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one object. A field that was not read is refused at the end; a field that is
 * null counts as missing.
 */
public final class Fields {

  private final Node.Mapping node;
  private final String path;
  private final Report report;
  private final int firstProblem;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> refused = new HashSet<>();

  public Fields(Node.Mapping node, String path, Report report) {
    this.node = node;
    this.path = path;
    this.report = report;
    this.firstProblem = report.problems().size();
  }

  /** The object itself. */
  public Value self() {
    return new Value(node, path, report);
  }

  /** Whether a field is present, even if it is null. */
  public boolean has(String name) {
    return node.find(name) != null;
  }

  /** A field, or null if it is missing or null. */
  @Nullable
  public Value take(String name) {
    Value value = takeWritten(name);
    return value == null || value.isNull() ? null : value;
  }

  /** A field, or null if it is missing. */
  @Nullable Value takeWritten(String name) {
    known.add(name);
    Node.Member entry = node.find(name);
    return entry == null ? null : valueOf(entry);
  }

  /** A required field; null and a report if it is missing. */
  @Nullable
  public Value require(String name) {
    Value value = take(name);
    if (value == null) {
      self().error("missing field " + name);
    }
    return value;
  }

  /** The text of a field, or null if it is missing or invalid. */
  @Nullable
  public String text(String name) {
    Value value = take(name);
    return value == null ? null : value.text();
  }

  /** As {@link #text}, of a field that can be one of a few words. */
  @Nullable
  public String word(String name, String words) {
    Value value = take(name);
    return value == null ? null : value.word(words);
  }

  /** The boolean of a field, or a default if it is missing or invalid. */
  public boolean bool(String name, boolean missing) {
    Value value = take(name);
    Boolean given = value == null ? null : value.bool();
    return given == null ? missing : given;
  }

  /** The whole number of a field, or a default if it is missing or invalid. */
  public int integer(String name, int min, int max, int missing) {
    Value value = take(name);
    Integer given = value == null ? null : value.integer(min, max);
    return given == null ? missing : given;
  }

  /** The duration of a field, or a default if it is missing or invalid. */
  public Duration duration(String name, Duration missing) {
    Value value = take(name);
    Duration given = value == null ? null : value.duration();
    return given == null ? missing : given;
  }

  /** The items of a list; empty if it is missing. */
  public List<Value> items(String name) {
    Value value = take(name);
    return value == null ? List.of() : value.items();
  }

  /** All fields by name; each counts as read. */
  public Map<String, Value> all() {
    Map<String, Value> all = new LinkedHashMap<>();
    for (Node.Member entry : node.entries()) {
      known.add(entry.name());
      all.put(entry.name(), valueOf(entry));
    }
    return all;
  }

  /** Reports an error of a field, or of the object if the field is missing. */
  public void error(String name, String message) {
    Value value = takeWritten(name);
    (value == null ? self() : value).error(message);
  }

  /** Whether an error of a field or of a part of it was reported. */
  public boolean isFaultyField(String name) {
    return isFaulty(FieldPath.of(path, name));
  }

  /** Whether an error at a path below this object was reported since its reading began. */
  public boolean isFaulty(String below) {
    List<Problem> since = report.problems().subList(firstProblem, report.problems().size());
    return !below.equals(path)
        && since.stream()
            .anyMatch(problem -> problem.isError() && problem.path().startsWith(below));
  }

  /** Accepts fields without reading them. */
  public void ignore(String... names) {
    known.addAll(List.of(names));
  }

  /** Refuses a field that is known elsewhere. */
  public void refuse(String name, String message) {
    Node.Member entry = node.find(name);
    if (entry != null) {
      report.error(entry.position(), FieldPath.of(path, name), message);
      refused.add(name);
    }
  }

  /** Refuses every field that was not read. */
  public void finish() {
    for (Node.Member entry : node.entries()) {
      if (!known.contains(entry.name()) && !refused.contains(entry.name())) {
        report.error(
            entry.position(),
            FieldPath.of(path, entry.name()),
            "unknown field" + Suggestion.of(entry.name(), known));
      }
    }
  }

  private Value valueOf(Node.Member entry) {
    return new Value(entry.value(), FieldPath.of(path, entry.name()), report);
  }
}
