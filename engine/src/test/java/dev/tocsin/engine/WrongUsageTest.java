package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.ProcessEnd;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class WrongUsageTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          emit --nonsense | Unknown option --nonsense
          listen --prot 1 | Unknown option --prot; did you mean --port?
          listen --prot=1 | Unknown option --prot; did you mean --port?
          evnts           | Unknown command 'evnts'; did you mean events?
          store chek      | Unknown command 'chek'; did you mean check?
          store           | Missing command: info, check, export, import or backup.
          run --set a     | --set must be KEY=VALUE, not 'a'
          """)
  void isReportedInOneLineWithAWayToHelp(String arguments, String message) {
    assertThat(tocsin(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(2).first().isEqualTo(message);
    assertThat(err.toString().lines()).last().asString().matches("Try 'tocsin.* --help'\\.");
  }

  @Test
  void theOptionOfASettingIsNamedAsItWasWritten() {
    assertThat(tocsin("settings", "--listen", "4291")).isEqualTo(1);
    assertThat(err.toString()).startsWith("--listen  ").doesNotContain("--set");
  }

  @Test
  void withoutACommandAllOfThemAreShown() {
    assertThat(tocsin()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required subcommand", "validate", "Exit codes");
  }

  @Test
  void helpIsACommandToo() {
    assertThat(tocsin("help")).isZero();
    assertThat(out.toString()).contains("validate", "First steps");
    assertThat(tocsin("help", "emit")).isZero();
    assertThat(out.toString()).contains("tocsin emit", "--payload");
  }

  private int tocsin(String... arguments) {
    CommandLine line = Main.commandLine(Map.of(), new ProcessEnd());
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }
}
