package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tocsin.engine.cli.ProcessEnd;
import dev.tocsin.engine.docs.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every command line in the documentation is one that the program understands. */
class DocumentedCommandsTest {

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private final CommandLine tocsin = Main.commandLine(Map.of(), new ProcessEnd());

  @Test
  void everyCommandLineIsUnderstood() {
    List<String> lines =
        Markdown.all().stream()
            .flatMap(page -> page.blocks().stream())
            .filter(block -> block.language().equals("sh"))
            .flatMap(block -> block.text().lines())
            .filter(line -> line.startsWith("bin/tocsin "))
            .toList();
    assertThat(lines).hasSizeGreaterThan(10);
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThatCode(() -> tocsin.parseArgs(arguments(line)))
                    .as(line)
                    .doesNotThrowAnyException());
  }

  @Test
  void everyCommandIsDocumented() {
    Matcher named =
        Pattern.compile("\\| `tocsin ([a-z-]+)")
            .matcher(String.join("\n", Markdown.page("docs/cli.md").lines()));
    TreeSet<String> documented = new TreeSet<>();
    while (named.find()) {
      documented.add(named.group(1));
    }
    documented.remove("--version");
    assertThat(documented).isEqualTo(new TreeSet<>(tocsin.getSubcommands().keySet()));
  }

  /** The words after the program's name, without a shell's comment or background sign. */
  private static String[] arguments(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.replaceFirst("\\s+#.*|\\s*&$", ""));
    while (word.find()) {
      String single = word.group(1);
      String twice = word.group(2);
      words.add(single != null ? single : twice != null ? twice : word.group(3));
    }
    return words.subList(1, words.size()).toArray(String[]::new);
  }
}
