package dev.tocsin.engine.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Docs and messages do not use the phrases that {@code docs/style.md} says to avoid. */
class StyleTest {

  private static final String PAGE = "docs/style.md";

  /** Texts that contain such a phrase and are right, each with the reason. */
  private static final Map<String, String> ALLOWED =
      Map.of("there is no ", "plain English", "There is no ", "plain English");

  /** Strings and comments of a Java source. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<block>\"\"\"[\\s\\S]*?\"\"\")"
              + "|\"(?<string>[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+)\""
              + "|'(?:\\\\.|[^'\\\\])[^']*'"
              + "|//[^\\n]*"
              + "|/\\*[\\s\\S]*?\\*/");

  /** A text that a user may read, and the name of its file. */
  private record Text(String file, String content) {}

  @Test
  void docsAndMessagesUseTheWordsOfThePage() throws IOException {
    List<String> phrases = phrases();
    assertThat(phrases).hasSizeGreaterThan(15);
    List<String> found = new ArrayList<>();
    for (Text text : Stream.concat(docs(), messages()).toList()) {
      String content = text.content();
      for (String allowed : ALLOWED.keySet()) {
        content = content.replace(allowed, "");
      }
      for (String phrase : phrases) {
        Matcher use = pattern(phrase).matcher(content);
        if (use.find()) {
          found.add(text.file() + "  \"" + phrase + "\"  " + excerpt(content, use.start()));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  /** Whole words; a phrase with a capital at the start of a text only. */
  private static Pattern pattern(String phrase) {
    String start = Character.isUpperCase(phrase.charAt(0)) ? "^" : "\\b";
    String end = phrase.endsWith(" ") ? "" : "\\b";
    return Pattern.compile(start + Pattern.quote(phrase) + end);
  }

  private static String excerpt(String content, int at) {
    return content.substring(Math.max(0, at - 30), Math.min(content.length(), at + 50));
  }

  /** What is quoted in the first column of the page's table of words. */
  private static List<String> phrases() {
    return Markdown.page(PAGE).lines().stream()
        .filter(line -> line.startsWith("| \""))
        .map(line -> line.split("\\|", -1)[1])
        .flatMap(cell -> Pattern.compile("\"([^\"]+)\"").matcher(cell).results())
        .map(quoted -> quoted.group(1))
        .toList();
  }

  private static Stream<Text> docs() {
    return Markdown.all().stream()
        .filter(page -> !page.file().endsWith("style.md"))
        .map(page -> new Text(name(page.file()), String.join(" ", page.lines())));
  }

  private static Stream<Text> messages() throws IOException {
    List<Text> messages = new ArrayList<>();
    for (String module : List.of("triggers", "wire", "actions", "config", "engine")) {
      try (Stream<Path> files = Files.walk(Markdown.root().resolve(module + "/src/main/java"))) {
        for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
          messages.addAll(literals(file));
        }
      }
    }
    return messages.stream();
  }

  /** The string literals of a source; those that {@code +} joins are one text. */
  private static List<Text> literals(Path file) throws IOException {
    String source = Files.readString(file);
    List<Text> literals = new ArrayList<>();
    Matcher token = TOKEN.matcher(source);
    int end = -1;
    while (token.find()) {
      MatchResult found = token.toMatchResult();
      String content = found.group("string") == null ? found.group("block") : found.group("string");
      if (content == null) {
        continue;
      }
      boolean isJoined = end >= 0 && source.substring(end, found.start()).strip().equals("+");
      String before = isJoined ? literals.removeLast().content() : "";
      literals.add(new Text(name(file), before + content));
      end = found.end();
    }
    return literals;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
