package dev.tocsin.config.settings;

import dev.tocsin.actions.Secret;
import dev.tocsin.config.document.Quoted;
import dev.tocsin.config.document.Report;
import dev.tocsin.config.document.TextFile;
import dev.tocsin.config.document.Value;
import dev.tocsin.wire.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} with secrets. The result is never shown,
 * not in a message either.
 */
public final class References {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern KNOWN = Pattern.compile("\\$\\{(env|file):");
  private static final int MAX_BYTES = 65_536;

  private final Map<String, String> environment;
  private final Path folder;
  private final Set<String> variables = new HashSet<>();

  /** Reads variables of this environment, and files relative to this folder. */
  References(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /** The names of all variables that were asked for. */
  Set<String> variables() {
    return variables;
  }

  /** Whether a text contains a reference. */
  public static boolean isIn(String text) {
    return KNOWN.matcher(text).find();
  }

  /**
   * The text with its references replaced by their secrets, each of which is recorded; null and a
   * report if one is invalid.
   */
  @Nullable String resolve(String text, Value value, List<Secret> secrets) {
    if (text.lastIndexOf("${") > text.lastIndexOf('}')) {
      value.error("contains a reference without a closing }");
      return null;
    }
    StringBuilder resolved = new StringBuilder();
    Set<String> missing = new HashSet<>();
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      String name = reference.group(1);
      String target = missing.contains(name) ? null : target(name, value);
      if (target == null) {
        missing.add(name);
      } else {
        secrets.add(new Secret(target));
      }
      reference.appendReplacement(resolved, Matcher.quoteReplacement(target == null ? "" : target));
    }
    reference.appendTail(resolved);
    return missing.isEmpty() ? resolved.toString() : null;
  }

  private @Nullable String target(String reference, Value value) {
    if (reference.startsWith("env:")) {
      return variable(reference.substring("env:".length()), value);
    }
    if (reference.startsWith("file:")) {
      return file(reference.substring("file:".length()), value);
    }
    value.error("contains an unknown reference; use ${env:NAME} or ${file:PATH}");
    return null;
  }

  private @Nullable String variable(String name, Value value) {
    variables.add(name);
    String found = environment.get(name);
    if (found == null || found.isEmpty()) {
      String fault = found == null ? "is not set" : "is empty";
      value.error("environment variable " + Quoted.of(name) + " " + fault);
      return null;
    }
    return found;
  }

  private @Nullable String file(String name, Value value) {
    Path path;
    try {
      path = folder.resolve(name);
    } catch (InvalidPathException e) {
      value.error("invalid path " + Quoted.of(name) + ": " + e.getReason());
      return null;
    }
    List<Problem> problems = new ArrayList<>();
    String text = TextFile.read(path, MAX_BYTES, new Report(path.toString(), problems));
    if (text == null || text.isEmpty()) {
      String fault = text == null ? problems.getFirst().message() : "is empty";
      value.error("file " + path + ": " + fault);
      return null;
    }
    return withoutLineEnd(text);
  }

  private static String withoutLineEnd(String text) {
    String cut = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    return cut.endsWith("\r") ? cut.substring(0, cut.length() - 1) : cut;
  }
}
