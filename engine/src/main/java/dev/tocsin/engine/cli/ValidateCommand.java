package dev.tocsin.engine.cli;

import dev.tocsin.config.AutomationFiles;
import dev.tocsin.config.settings.EffectiveSettings;
import dev.tocsin.config.settings.SettingsReader;
import dev.tocsin.wire.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tocsin validate}: reads automations and settings and reports every problem. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Reads automations as the daemon does and prints every problem as"
          + " 'file:line:column  path  message'.",
      "Exit codes: 0 no errors; 1 errors."
    },
    footer = {
      "",
      "Example: tocsin validate --config tocsin.yaml automations/",
    })
public final class ValidateCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file that defines the webhooks that the automations use.")
  @Nullable Path config;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or folders with .yaml, .yml and .json files.")
  List<Path> paths = new ArrayList<>();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  private final Map<String, String> environment;

  /** A command with the environment variables of this process. */
  public ValidateCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    EffectiveSettings effective = SettingsReader.read(config, environment, Map.of());
    AutomationFiles.ReadAutomations reading = AutomationFiles.of(effective).read(paths);
    List<Problem> problems = new ArrayList<>(effective.problems());
    problems.addAll(reading.problems());
    problems.forEach(out::println);
    long errors = problems.stream().filter(Problem::isError).count();
    long warnings = problems.size() - errors;
    out.printf(
        "%s valid, %s, %s%n",
        Plural.of(reading.automations().automations().size(), "automation"),
        Plural.of(errors, "error"),
        Plural.of(warnings, "warning"));
    return errors == 0 ? 0 : 1;
  }
}
