package dev.tocsin.engine.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.TestCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The output that docs/testing.md shows is that of the tests that it shows. */
class TestingPageTest {

  @TempDir Path folder;

  @Test
  void theShownOutputIsThatOfTheShownTests() throws IOException {
    Files.writeString(folder.resolve("automations.yaml"), block("automations"));
    Files.writeString(folder.resolve("tests.yaml"), block("tests"));
    StringWriter out = new StringWriter();
    int exit =
        new CommandLine(new TestCommand(Map.of()))
            .setOut(new PrintWriter(out))
            .execute(folder.resolve("tests.yaml").toString());
    assertThat(exit).isEqualTo(1);
    assertThat(out.toString().replace(folder + "/", "").lines())
        .containsExactlyElementsOf(block("output").lines().toList());
  }

  @Test
  void theShownTestOfABlindIntervalPassesAndSaysSoOfTheOthers() throws IOException {
    String shown = block("blind-test");
    assertThat(exitCode(shown)).isZero();
    assertThat(exitCode(shown.replace("extend", "fire").replace("+270s", "+90s"))).isZero();
    assertThat(exitCode(shown.replace("extend", "suppress").replace("+270s", "+290s"))).isZero();
    assertThat(exitCode(shown.replace("extend", "suppress"))).isEqualTo(1);
  }

  private int exitCode(String tests) throws IOException {
    Path file = Files.writeString(folder.resolve("blind.yaml"), tests);
    return new CommandLine(new TestCommand(Map.of()))
        .setOut(new PrintWriter(new StringWriter()))
        .execute(file.toString());
  }

  private static String block(String kind) {
    List<String> found =
        Markdown.page("docs/testing.md").blocks().stream()
            .filter(block -> block.kind().equals(kind))
            .map(Markdown.Block::text)
            .toList();
    assertThat(found).as(kind).hasSize(1);
    return found.getFirst();
  }
}
