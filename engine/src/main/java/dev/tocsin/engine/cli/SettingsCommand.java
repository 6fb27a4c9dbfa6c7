package dev.tocsin.engine.cli;

import dev.tocsin.config.settings.EffectiveSettings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the settings that a daemon started like this would have, and where each came from. */
@Command(
    name = "settings",
    mixinStandardHelpOptions = true,
    description = {
      "Prints every setting that 'run' with the same options would have, and where it came from.",
      "A setting is given by its flag or --set KEY=VALUE, else by the variable TOCSIN_KEY, else by"
          + " the settings file, else by its default. Secrets are not printed."
    })
public final class SettingsCommand implements Callable<Integer> {

  @Mixin SettingsOptions options = new SettingsOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  /** With the variables of the process. */
  public SettingsCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    EffectiveSettings effective = options.read(environment);
    int width =
        effective.entries().stream().mapToInt(e -> e.setting().key().length()).max().orElse(0);
    int values = effective.entries().stream().mapToInt(e -> e.value().length()).max().orElse(0);
    for (EffectiveSettings.Entry entry : effective.entries()) {
      out.printf(
          "%-" + width + "s  %-" + Math.clamp(values, 1, 60) + "s  %s%n",
          entry.setting().key(),
          entry.value(),
          entry.origin());
    }
    effective.problems().forEach(spec.commandLine().getErr()::println);
    return effective.hasErrors() ? 1 : 0;
  }
}
