package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.ProcessEnd;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WrongUsageTest {

  @Test
  void aWrongFlagIsToldWithoutTheWholeHelp() {
    StringWriter err = new StringWriter();
    assertThat(tocsin(err).execute("emit", "--nonsense")).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSizeLessThan(4)
        .last()
        .isEqualTo("Try 'tocsin emit --help'.");
  }

  @Test
  void whoeverNamesNoCommandSeesAllOfThem() {
    StringWriter err = new StringWriter();
    assertThat(tocsin(err).execute()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required subcommand", "validate", "Exit codes");
  }

  private static CommandLine tocsin(StringWriter err) {
    return Main.commandLine(Map.of(), new ProcessEnd()).setErr(new PrintWriter(err));
  }
}
