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
          store           | Missing command: info, check, repair, export, import or backup.
          help rnu        | Unknown command 'rnu'; did you mean run?
          validate        | Missing PATH
          listen          | Missing --port=N
          listen --port x | --port must be a number, not 'x'
          listen --port 0 --status 700 | --status must be 200 to 599, not 700
          listen --port 99999 | --port must be 0 to 65535, not 99999
          events --interval 0 | --interval must be more than 0 and at most 3,600, not 0.0
          events --format xml | --format must be table or ndjson, not 'xml'
          emit            | Missing --file=FILE, or --event=NAME --resource=ID
          emit --event a  | Missing --resource=ID
          backtest --automations a | Missing --events=FILE, or --data=DIR
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
