package dev.tocsin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.cli.ProcessEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The help of every command: sentences, on a screen of 80 columns. */
class HelpTest {

  @Test
  void everyDescriptionIsASentence() {
    List<String> fragments = new ArrayList<>();
    for (CommandSpec command : commands().toList()) {
      for (ArgSpec argument : command.args()) {
        String text = String.join(" ", argument.description());
        if (!argument.hidden() && !text.matches("(?s)[A-Z].{9,}\\.(%n)?")) {
          fragments.add(command.qualifiedName() + "  " + argument + "  " + text);
        }
      }
      if (command.usageMessage().description().length == 0) {
        fragments.add(command.qualifiedName());
      }
    }
    assertThat(fragments).isEmpty();
  }

  @Test
  void everyLineFitsAScreen() {
    assertThat(commands().flatMap(it -> it.commandLine().getUsageMessage().lines()))
        .allMatch(line -> line.length() <= 80);
  }

  private static Stream<CommandSpec> commands() {
    CommandLine line = Main.commandLine(Map.of(), new ProcessEnd()).setUsageHelpAutoWidth(false);
    return withSubcommands(line);
  }

  private static Stream<CommandSpec> withSubcommands(CommandLine line) {
    return Stream.concat(
        Stream.of(line.getCommandSpec()),
        line.getSubcommands().values().stream().flatMap(HelpTest::withSubcommands));
  }
}
