package dev.tocsin.engine.cli;

import dev.tocsin.config.settings.EffectiveSettings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tocsin settings}: the effective settings, and the origin of each. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description = {
      "Prints every setting with its value and origin, as 'run' with the same options would use"
          + " it.",
      "A setting is read from its option or --set KEY=VALUE, else from the environment variable"
          + " TOCSIN_KEY, else from the settings file, else its default applies. Secrets are not"
          + " printed."
    })
public final class SettingsCommand implements Callable<Integer> {

  @Mixin SettingsOptions options = new SettingsOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;
  private final Terminal terminal;

  /** A command with the environment variables and the terminal of this process. */
  public SettingsCommand(Map<String, String> environment, Terminal terminal) {
    this.environment = environment;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    EffectiveSettings effective = options.read(environment);
    TextTable table = new TextTable(terminal, Set.of(), "SETTING", "VALUE", "ORIGIN");
    effective.entries().forEach(e -> table.row(e.setting().key(), e.value(), e.origin()));
    table.print(out);
    effective.problems().forEach(spec.commandLine().getErr()::println);
    return effective.hasErrors() ? 1 : 0;
  }
}
